import type { Clock, Logger } from '../model';
import type { Store } from '../store/store';

/** What the functions of this room need of the process. */
export interface ContactsContext {
  store: Store;
  clock: Clock;
  logger: Logger;
}
