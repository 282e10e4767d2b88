import type { Account, AccountSecrets } from '../../../../core/model';
import type { ProviderConnection } from '../../../../core/providers/provider';

export const PAGE_ID = '100200300400500';
export const INSTAGRAM_ID = '17841400000000001';
export const TOKEN = 'EAAGtest-token';
export const APP_SECRET = 'app-secret-for-tests';
/** HMAC of TOKEN under APP_SECRET, as the documentation's own example has it. */
export const PROOF = '503ef53a81ed987d2a53ebc38b75a27c74b3e0cd683347d2c45310e95f0d56b9';

const ACCOUNT: Account = {
  id: '01J0000000000000000000ACCT',
  tenantId: 'default',
  provider: 'meta',
  channel: 'messenger',
  externalId: PAGE_ID,
  parentExternalId: null,
  name: 'Clínica Sol',
  status: 'active',
  statusReason: null,
  credentialId: 'cred1',
  loginId: null,
  username: null,
  pictureUrl: null,
  parentName: null,
  expiresAt: null,
  connectedAt: null,
  lastSyncedAt: null,
  lastReceivedAt: null,
  refusedCalls: 0,
  refusedSince: null,
};

function secretsFor(apiBaseUrl: string): AccountSecrets {
  return {
    accessToken: TOKEN,
    appId: '555',
    appSecret: APP_SECRET,
    apiBaseUrl,
    apiVersion: 'v25.0',
  };
}

export function messengerConnection(
  apiBaseUrl: string,
  secrets: Partial<AccountSecrets> = {},
): ProviderConnection {
  return { account: ACCOUNT, secrets: { ...secretsFor(apiBaseUrl), ...secrets } };
}

export function instagramConnection(
  apiBaseUrl: string,
  secrets: Partial<AccountSecrets> = {},
): ProviderConnection {
  return {
    account: {
      ...ACCOUNT,
      channel: 'instagram',
      externalId: INSTAGRAM_ID,
      parentExternalId: PAGE_ID,
      name: '@clinica.sol',
    },
    secrets: { ...secretsFor(apiBaseUrl), ...secrets },
  };
}
