import type { HttpClient } from '../http/client';
import type { Clock, Logger } from '../model';
import type { Store } from '../store/store';

/** What webhooks need of their surroundings; the App satisfies it. */
export interface WebhooksContext {
  store: Store;
  http: HttpClient;
  clock: Clock;
  logger: Logger;
  /** Unique for this process; part of the owner's name in every claim. */
  processId: string;
  /** For the default User-Agent. */
  host: { version: string };
}
