import type { Account, AccountSecrets } from '../model';

/** An account and what is needed to speak for it. Lives in memory only while a call is made. */
export interface ProviderConnection {
  account: Account;
  secrets: AccountSecrets;
}
