import type { INode } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';
import type { PortalSetup } from '../../core/portal';
import { chosenCredential } from '../NotificaMe/notificaMeCredential';
import { META_LOGINS, type PageOptions } from './triggerProperties';

export const PORTAL_CREDENTIAL = 'metaOAuth2Api';

type Login = (typeof META_LOGINS)[number];

interface CredentialContext {
  getNode(): INode;
  getCredentials<T extends object>(type: string): Promise<T>;
}

/** The Meta app through which customers log in. That the credential itself is connected is not needed for it. */
type PortalApps = Pick<
  PortalSetup,
  'apps' | 'appSecrets' | 'configurationId' | 'credentialId' | 'scopes'
>;

/** A page that offers NotificaMe alone has no Meta app, and nobody's signature is Meta's. */
const NO_APPS: PortalApps = { apps: {}, appSecrets: [], credentialId: 'none' };

type Reader = (name: string) => string | undefined;

const BASES = [
  'graphVersion',
  'graphBaseUrl',
  'dialogBaseUrl',
  'instagramGraphBaseUrl',
  'instagramTokenBaseUrl',
  'instagramDialogBaseUrl',
] as const;

/**
 * Through whom customers connect, by the credentials of the logins that the page is to offer.
 * @throws InvalidInputError naming the field that is missing or wrong
 */
export async function readLogins(
  context: CredentialContext,
  logins: PageOptions['logins'],
): Promise<PortalApps & Pick<PortalSetup, 'hub'>> {
  const ofMeta = META_LOGINS.filter((login) => logins.includes(login));
  const apps = ofMeta.length > 0 ? await readApps(context, ofMeta) : NO_APPS;
  return logins.includes('notificame') ? { ...apps, hub: await readHub(context) } : apps;
}

async function readHub(context: CredentialContext): Promise<PortalSetup['hub']> {
  const { id, credential } = await chosenCredential(context);
  if (credential.profile === 'hub') return { credentialId: id, credential };
  throw new InvalidInputError(
    'Profile',
    'The credential of NotificaMe has the profile "Instances API", which has no window to connect in.',
    { hint: 'Choose a credential with the profile "Hub", or take NotificaMe out of Logins.' },
  );
}

async function readApps(context: CredentialContext, logins: readonly Login[]): Promise<PortalApps> {
  const fields = await context.getCredentials<Record<string, unknown>>(PORTAL_CREDENTIAL);
  const text: Reader = (name) => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() ? value.trim() : undefined;
  };
  const bases = Object.fromEntries(
    BASES.map((name) => [name, text(name)] as const).filter(([, value]) => value !== undefined),
  );
  const apps: PortalSetup['apps'] = {};
  for (const login of logins) {
    const app = appOf(login, fields.login === 'instagram' ? 'instagram' : 'facebook', text);
    if (app) apps[login] = { ...bases, ...app, login };
  }
  if (Object.keys(apps).length === 0) throw noApp();
  const secrets = ['clientSecret', 'instagramAppSecret', 'metaAppSecret'].map(text);
  return {
    apps,
    appSecrets: secrets.filter((secret) => secret !== undefined),
    configurationId: text('configurationId'),
    credentialId: context.getNode().credentials?.[PORTAL_CREDENTIAL]?.id ?? 'unsaved',
    scopes: fields.customScopes === true ? scopesOf(text) : undefined,
  };
}

/** The credential is made for one login; the app of the other one has fields of its own beside it. */
function appOf(
  login: Login,
  madeFor: Login,
  text: Reader,
): { appId: string; appSecret: string } | null {
  const [id, secret] =
    login === madeFor
      ? ['clientId', 'clientSecret']
      : login === 'instagram'
        ? ['instagramAppId', 'instagramAppSecret']
        : ['metaAppId', 'metaAppSecret'];
  const appId = text(id);
  const appSecret = text(secret);
  return appId && appSecret ? { appId, appSecret } : null;
}

function scopesOf(text: Reader): PortalSetup['scopes'] {
  const listed = (name: string): string[] | undefined =>
    text(name)
      ?.split(/[\s,]+/)
      .filter((scope) => scope !== '');
  const facebook = listed('facebookScopes');
  const instagram = listed('instagramScopes');
  return { ...(facebook ? { facebook } : {}), ...(instagram ? { instagram } : {}) };
}

function noApp(): InvalidInputError {
  return new InvalidInputError(
    'App ID',
    'The credential has no ID and secret of an app for the logins that the page is to offer.',
    {
      hint: "Copy both from your app's dashboard at Meta into the credential, or choose other logins.",
    },
  );
}
