import type { Clock, Logger, ProviderId } from '../model';
import type { AccountCheck, ProviderRegistry } from '../providers/provider';
import type { Store } from '../store/store';

/** What the functions of this room need of the process. */
export interface AccountsContext {
  store: Store;
  clock: Clock;
  logger: Logger;
}

/** What those need that ask a provider. */
export interface LoginsContext extends AccountsContext {
  providers: ProviderRegistry;
  /** Of providers that carry no messages. */
  checks?: ReadonlyMap<ProviderId, AccountCheck>;
  /** Names this process among all that share the store. */
  processId: string;
}
