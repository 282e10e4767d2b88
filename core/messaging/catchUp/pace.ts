import { RateLimitedError } from '../../model';
import type { Store } from '../../store/store';
import { readProviderLoad } from './catchUp.unit';

/** From here on calls are made more slowly (Meta recommends it above 80 %). */
const BUSY_PERCENT = 80;
const SLOWER = 5;
/** How often it is asked what the provider says of its limits. */
const ASK_EVERY_MS = 5_000;
/** So near to its limit the provider is left alone for a while. */
const FULL_PERCENT = 95;
const REST_MS = 60_000;
/** After a refusal; limits of calls a second are over by then. */
const BREATH_MS = 1_500;

/** The provider wants to be left alone. */
export class MustRest extends Error {
  constructor(readonly forMs: number) {
    super('The provider is near its limit.');
  }
}

export interface Pace {
  /**
   * Makes a call when it may be made; once more if it was one too many, for two that were not equally long on the way
   * meet at the provider closer together than they began.
   * @throws MustRest, and whatever the call throws
   */
  call<T>(make: () => Promise<T>): Promise<T>;
}

/**
 * Two calls of an account are never closer together than its provider wants, and further apart when others (what is
 * sent, above all) already use most of what it permits.
 * @param pauseMs see MissedMessages
 */
export function createPace(
  store: Store,
  account: { tenantId: string; accountId: string },
  pauseMs: number,
): Pace {
  let lastAt = -Infinity;
  let askedAt = -Infinity;
  let isBusy = false;
  const ask = async () => {
    askedAt = performance.now();
    const load = await store
      .forTenant(account.tenantId)
      .run(readProviderLoad, { accountId: account.accountId });
    if (load.blockedForMs > 0) throw new MustRest(load.blockedForMs);
    if (load.percent >= FULL_PERCENT) throw new MustRest(REST_MS);
    isBusy = load.percent >= BUSY_PERCENT;
  };
  const turn = async () => {
    if (performance.now() - askedAt >= ASK_EVERY_MS) await ask();
    await sleep(lastAt + pauseMs * (isBusy ? SLOWER : 1) - performance.now());
    lastAt = performance.now();
  };
  return {
    async call(make) {
      await turn();
      try {
        return await make();
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        await sleep(BREATH_MS);
        await turn();
        return await make();
      }
    },
  };
}

async function sleep(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
