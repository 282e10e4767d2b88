import type { DiscoveredAccount } from './provider';

/** What an account is called in `LoginSecrets.onlyAccounts`, and where a person chooses some. */
export function choiceOf({
  channel,
  externalId,
}: Pick<DiscoveredAccount, 'channel' | 'externalId'>): string {
  return `${channel}:${externalId}`;
}
