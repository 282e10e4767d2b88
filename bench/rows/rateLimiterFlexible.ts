import { createRequire } from 'node:module';
import { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterUnion } from 'rate-limiter-flexible';
import { concurrently, type Contestant } from '../lib/measure.ts';

const { version } = createRequire(import.meta.url)('rate-limiter-flexible/package.json') as {
  version: string;
};

/** As many connections as our own store opens. */
const CONNECTIONS = 10;
/** Never reached, so that both sides count every call. */
const POINTS = 1_000_000_000;
const SECONDS = { minute: 60, hour: 3_600, day: 86_400 };

/** Three windows by rate-limiter-flexible, on the same server: what one would put before a sender instead. */
export interface Peer {
  consumes(count: number, width: number, keyOf: (index: number) => string): Contestant;
  close(): Promise<void>;
}

/** @param durability `normal`: commits do not wait for the disk, as ours do not for limits */
export async function openPeer(url: string, durability: 'full' | 'normal'): Promise<Peer> {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    ...(durability === 'normal' ? { options: '-c synchronous_commit=off' } : {}),
  });
  const windows = Object.entries(SECONDS).map(([keyPrefix, duration]) => ({ keyPrefix, duration }));
  const limiters: RateLimiterPostgres[] = [];
  // One after the other: two that make the table at once refuse each other.
  for (const window of windows) limiters.push(await openLimiter(pool, durability, window));
  const union = new RateLimiterUnion(...limiters);
  const asDurable = durability === 'normal' ? ', commits that do not wait for the disk' : '';
  return {
    consumes: (count, width, keyOf) => ({
      name: `rate-limiter-flexible, union of three${asDurable}`,
      version: `rate-limiter-flexible ${version}`,
      run: async () => {
        await concurrently(count, width, (index) => union.consume(keyOf(index)));
        return count;
      },
    }),
    close: () => pool.end(),
  };
}

function openLimiter(
  pool: Pool,
  durability: string,
  window: { keyPrefix: string; duration: number },
): Promise<RateLimiterPostgres> {
  return new Promise((resolve, reject) => {
    const limiter = new RateLimiterPostgres(
      {
        ...window,
        storeClient: pool,
        points: POINTS,
        tableName: `peer_${durability}`,
        clearExpiredByTimeout: false,
      },
      (error?: Error) => (error ? reject(error) : resolve(limiter)),
    );
  });
}
