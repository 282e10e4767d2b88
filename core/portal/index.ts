export { followHubWalks } from './hubLogin';
export { handlePortalCall, portalErrorAnswer } from './router';
export type { PortalRequest, PortalResponse, StreamSink } from './answers';
export type { PortalContext } from './context';
export {
  createConnectLink,
  linkUrl,
  listConnectLinks,
  PAGE_LANGUAGES,
  revokeConnectLink,
  type ConnectLink,
  type CreateConnectLinkInput,
  type PageLanguage,
  type ServedTenants,
} from './links';
export { LINK_SCOPES, type LinkScope } from './scopes';
export type { HubSetup, PortalSetup } from './setup';
export {
  closePage,
  onlyPageServing,
  pagesServing,
  registerPage,
  type RegisterPageInput,
} from './pages';
