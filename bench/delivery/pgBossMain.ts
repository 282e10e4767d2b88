/*
 * pg-boss with axios: the queue and the HTTP client one would put together. As fast as it goes: whole batches fetched
 * and completed with one statement each, several at a time so that sending never waits for the queue, connections kept
 * alive.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import http from 'node:http';
import axios from 'axios';
import { PgBoss } from 'pg-boss';
import { bodyOf } from './payload.ts';
import { readSetup, serve } from './worker.ts';

interface Setup {
  databaseUrl: string;
  url: string;
  width: number;
}

const { databaseUrl, url, width } = readSetup<Setup>();
const QUEUE = 'webhooks';
const BATCH = 100;
const FETCHERS = 4;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = createSecretKey(Buffer.from(SECRET.slice(6), 'base64'));
const client = axios.create({
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: width }),
  timeout: 30_000,
  responseType: 'text',
  // The text as it is: neither side parses or writes JSON a second time.
  transformRequest: (data: unknown) => data,
  transformResponse: (data: unknown) => data,
});
const boss = new PgBoss({ connectionString: databaseUrl, schema: 'pgboss', max: 10 });
boss.on('error', console.error);
await boss.start();
await boss.createQueue(QUEUE);

interface Job {
  id: string;
  data: { body: string };
}

/** At most `width` at a time, over all batches under way. */
let free = width;
const waiting: (() => void)[] = [];
async function post({ id, data: { body } }: Job): Promise<void> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    const timestamp = Math.floor(Date.now() / 1_000);
    const standard = createHmac('sha256', KEY).update(`${id}.${timestamp}.`).update(body);
    await client.post(url, body, {
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${standard.digest('base64')}`,
        'x-webhook-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
      },
    });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

async function deliverBatches(): Promise<number> {
  let done = 0;
  for (;;) {
    const jobs = (await boss.fetch<Job['data']>(QUEUE, { batchSize: BATCH })) as Job[];
    if (jobs.length === 0) return done;
    await Promise.all(jobs.map(post));
    await boss.complete(
      QUEUE,
      jobs.map(({ id }) => id),
    );
    done += jobs.length;
  }
}

serve(
  {
    prepare: async ({ count }: { count: number }) => {
      await boss.deleteAllJobs(QUEUE);
      for (let from = 0; from < count; from += 500) {
        const length = Math.min(500, count - from);
        await boss.insert(
          QUEUE,
          Array.from({ length }, (_, index) => ({ data: { body: bodyOf(from + index) } })),
        );
      }
    },
    run: async () => {
      const done = await Promise.all(Array.from({ length: FETCHERS }, deliverBatches));
      return done.reduce((sum, one) => sum + one, 0);
    },
  },
  () => boss.stop({ graceful: false }),
);
