import type { GoogleAccess, GoogleClient } from '../../../../core/providers/google';
import { createGoogleClient, readGoogleAccess } from '../../../../core/providers/google';
import { systemClock, type Clock } from '../../../../core/model';
import { startSandbox } from '../../../../sandbox/server.ts';
import { testClient } from '../../http/support/clients';

export type Seed = Awaited<ReturnType<typeof startSandbox>>['seed']['google'];

/** Google's stand-in, with a client of ours whose pauses are noted instead of waited for. */
export interface GoogleWorld {
  seed: Seed;
  access: GoogleAccess;
  client: GoogleClient;
  pauses: number[];
  /** Of the seed's calendar. */
  place: { access: GoogleAccess; calendarId: string };
  accessWith(changes: Record<string, string>): GoogleAccess;
  clientWith(clock: Clock): GoogleClient;
  control<T = Record<string, unknown>>(method: string, route: string, body?: object): Promise<T>;
  /** Calls that the API was asked for, since the beginning. */
  calls(): Promise<Array<{ method: string; path: string; status: number }>>;
  close(): Promise<void>;
}

export async function startGoogle(): Promise<GoogleWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const http = testClient();
  const seed = sandbox.seed.google;
  const pauses: number[] = [];
  const accessWith = (changes: Record<string, string>) =>
    readGoogleAccess({ ...seed, delegatedUser: '', ...changes });
  const clientWith = (clock: Clock) =>
    createGoogleClient({
      http,
      clock,
      random: () => 0,
      sleep: async (ms) => {
        pauses.push(ms);
      },
    });
  const control: GoogleWorld['control'] = async (method, route, body) => {
    const response = await fetch(`${sandbox.url}/_sandbox${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The sandbox refused ${route}: ${JSON.stringify(answer)}`);
    return answer as never;
  };
  const access = accessWith({});
  return {
    seed,
    access,
    client: clientWith(systemClock),
    pauses,
    place: { access, calendarId: seed.calendarId },
    accessWith,
    clientWith,
    control,
    calls: async () => (await control<{ data: never[] }>('GET', '/calls')).data,
    close: async () => {
      await http.close();
      await sandbox.close();
    },
  };
}
