import type { LimitsContext } from '../limits';
import type { Clock, Logger } from '../model';
import type { ProviderRegistry } from '../providers/provider';
import type { Store } from '../store/store';

/** What the functions of this room need of the process; the runtime's App has all of it. */
export interface MessagingContext {
  store: Store;
  providers: ProviderRegistry;
  clock: Clock;
  logger: Logger;
  /** Names this process among all that share the store; owns reservations. */
  processId: string;
  /** What happens to a send while its account's limits cannot be read; default allowed. */
  uncountedSends?: LimitsContext['uncountedSends'];
}
