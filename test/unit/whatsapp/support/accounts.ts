import type { Account, AccountSecrets } from '../../../../core/model';
import type { ProviderConnection } from '../../../../core/providers/provider';

export const NUMBER_ID = '410000000000001';
export const BUSINESS_ID = '300400500600700';
export const PERSON = '5511988887777';
export const USER_ID = 'BR.13491208655302741918';
export const TOKEN = 'EAAGtest-token';
export const APP_SECRET = 'app-secret-for-tests';
/** HMAC of TOKEN under APP_SECRET. */
export const PROOF = '503ef53a81ed987d2a53ebc38b75a27c74b3e0cd683347d2c45310e95f0d56b9';

const ACCOUNT: Account = {
  id: '01J0000000000000000000WAPP',
  tenantId: 'default',
  provider: 'whatsapp_cloud',
  channel: 'whatsapp',
  externalId: NUMBER_ID,
  parentExternalId: BUSINESS_ID,
  name: 'Clínica Sol',
  status: 'active',
  statusReason: null,
  credentialId: 'cred1',
  loginId: null,
  username: null,
  pictureUrl: null,
  parentName: null,
  connectedAt: null,
  expiresAt: null,
  lastSyncedAt: null,
  lastReceivedAt: null,
  refusedCalls: 0,
  refusedSince: null,
  health: { phoneNumber: '5511900000001' },
};

export function connectionTo(
  apiBaseUrl: string,
  secrets: Partial<AccountSecrets> = {},
  account: Partial<Account> = {},
): ProviderConnection {
  return {
    account: { ...ACCOUNT, ...account },
    secrets: { accessToken: TOKEN, apiBaseUrl, apiVersion: 'v25.0', ...secrets },
  };
}
