import { createRequire } from 'node:module';
import { PgBoss } from 'pg-boss';
import { concurrently, type Contestant } from '../lib/measure.ts';

const { version } = createRequire(import.meta.url)('pg-boss/package.json') as { version: string };
const QUEUE = 'bench';

/** pg-boss on the same server, doing the same work: the queue one would put under a messaging product. */
export interface Boss {
  sends(count: number, width: number): Contestant;
  works(count: number, batchSize: number): Contestant;
  close(): Promise<void>;
}

export async function openBoss(url: string): Promise<Boss> {
  const boss = new PgBoss({ connectionString: url, schema: 'pgboss' });
  boss.on('error', console.error);
  await boss.start();
  await boss.createQueue(QUEUE);
  const payload = { text: 'Oi, tem horário amanhã? '.repeat(8) };
  const send = (count: number, width: number): Promise<void> =>
    concurrently(count, width, () => boss.send(QUEUE, payload));
  return {
    sends: (count, width) => ({
      name: `pg-boss send, ${width} callers`,
      version: `pg-boss ${version}`,
      prepare: async () => {
        await boss.deleteAllJobs(QUEUE);
      },
      run: async () => {
        await send(count, width);
        return count;
      },
    }),
    works: (count, batchSize) => ({
      name:
        batchSize === 1
          ? 'pg-boss fetch 10, complete each'
          : `pg-boss fetch ${batchSize}, complete together`,
      version: `pg-boss ${version}`,
      prepare: async () => {
        await boss.deleteAllJobs(QUEUE);
        await send(count, 64);
      },
      run: async () => {
        let done = 0;
        while (done < count) {
          const jobs = await boss.fetch(QUEUE, { batchSize: Math.max(batchSize, 10) });
          if (batchSize === 1) await Promise.all(jobs.map(({ id }) => boss.complete(QUEUE, id)));
          else
            await boss.complete(
              QUEUE,
              jobs.map(({ id }) => id),
            );
          done += jobs.length;
        }
        return done;
      },
    }),
    close: () => boss.stop({ graceful: false }),
  };
}
