import type { Logger } from '../model';
import type { Store } from '../store/store';

/** What the limiter needs of the process; the runtime's App has it. */
export interface LimitsContext {
  store: Store;
  logger: Logger;
  /** False: never take tokens ahead for a hot account, so that every answer is the database's. Default true. */
  leases?: boolean;
  /**
   * What happens to a send while the limits cannot be read: it goes uncounted (default), or it is refused and can be
   * tried again. Whoever asks for tokens in order to know is refused in any case.
   */
  uncountedSends?: 'allowed' | 'refused' | undefined;
}
