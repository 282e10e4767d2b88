import type { LoginsContext } from '../accounts/context';
import type { HttpClient } from '../http/client';

/** What the hosted pages need of the process; the App satisfies it. */
export interface PortalContext extends LoginsContext {
  http: HttpClient;
}
