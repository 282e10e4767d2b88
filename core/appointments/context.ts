import type { Clock, Logger } from '../model';
import type { GoogleClient } from '../providers/google';
import type { Store } from '../store/store';

/** What the functions of this room need of the process. */
export interface AppointmentsContext {
  store: Store;
  clock: Clock;
  logger: Logger;
}

/** What those need that ask Google. */
export interface CalendarsContext extends AppointmentsContext {
  google: GoogleClient;
}
