import type { Account, AccountSecrets, HubSettings, LoginSecrets } from '../../model';
import type { ProviderConnection } from '../provider';
import { DEFAULT_V2_CHANNELS } from './channels';

/** `https://hub.notificame.com.br` serves the same backend; the SDK uses this one. */
export const DEFAULT_HUB_BASE_URL = 'https://api.notificame.com.br';
/** Times without a zone were seen; where the vendor is at home is the best guess. */
export const DEFAULT_HUB_TIMEZONE = 'America/Sao_Paulo';

/** The values of the credential `notificaMeApi`. */
export interface NotificaMeCredential extends HubSettings {
  apiToken: string;
  baseUrl: string;
}

/** Names of the credential's fields, as its panel shows them. */
export const CREDENTIAL_FIELDS = {
  token: 'API Token',
  baseUrl: 'Base URL',
  secret: 'Webhook Secret',
  timezone: 'Time Zone',
} as const;

/** With whose token and where a call is made. */
export interface HubAccess {
  baseUrl: string;
  token: string;
  settings: HubSettings;
  /** For which account, where it is known by then. */
  account?: Account | undefined;
}

const USUAL: HubSettings = {
  profile: 'hub',
  v2Channels: [...DEFAULT_V2_CHANNELS],
  fileTypes: 'kind',
  timezone: DEFAULT_HUB_TIMEZONE,
};

export function accessOfCredential({
  apiToken,
  baseUrl,
  ...settings
}: NotificaMeCredential): HubAccess {
  return { baseUrl, token: apiToken, settings };
}

export function accessOfLogin(login: LoginSecrets): HubAccess {
  return {
    baseUrl: login.apiBaseUrl,
    token: login.accessToken,
    settings: login.hub ?? USUAL,
  };
}

export function accessOf({ account, secrets }: ProviderConnection): HubAccess {
  return {
    account,
    baseUrl: secrets.apiBaseUrl ?? DEFAULT_HUB_BASE_URL,
    token: secrets.accessToken ?? '',
    settings: secrets.hub ?? USUAL,
  };
}

/** The login that a credential stands for. */
export function loginOfNotificaMe(credential: NotificaMeCredential): LoginSecrets {
  const { baseUrl, token, settings } = accessOfCredential(credential);
  return {
    login: 'facebook',
    accessToken: token,
    apiBaseUrl: baseUrl,
    apiVersion: 'v1',
    hub: settings,
  };
}

/** What an account keeps of the login that led to it. */
export function secretsOf(
  { baseUrl, token, settings }: HubAccess,
  channelType: string,
): AccountSecrets {
  return { accessToken: token, apiBaseUrl: baseUrl, hub: { ...settings, channelType } };
}
