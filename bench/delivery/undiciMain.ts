/*
 * A bare loop over undici: everything in memory, nothing kept, nothing tried again. What no delivery over a database
 * can reach.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import { Pool } from 'undici';
import { concurrently } from '../lib/measure.ts';
import { bodyOf } from './payload.ts';
import { readSetup, serve } from './worker.ts';

const { origin, path, width } = readSetup<{ origin: string; path: string; width: number }>();
const pool = new Pool(origin, { connections: width, pipelining: 1 });
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const STANDARD_KEY = createSecretKey(Buffer.from(SECRET.slice(6), 'base64'));
let bodies: string[] = [];

/** The same two signatures as ours. */
function signed(number: number, body: string): Record<string, string> {
  const id = `msg_${number}`;
  const timestamp = Math.floor(Date.now() / 1_000);
  const standard = createHmac('sha256', STANDARD_KEY).update(`${id}.${timestamp}.`).update(body);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${standard.digest('base64')}`,
    'x-webhook-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  };
}

serve(
  {
    prepare: ({ count }: { count: number }) => {
      bodies = Array.from({ length: count }, (_, number) => bodyOf(number));
    },
    run: async ({ sign }: { sign: boolean }) => {
      await concurrently(bodies.length, width, async (index) => {
        const body = bodies[index] ?? '';
        const headers = sign ? signed(index, body) : { 'content-type': 'application/json' };
        const answer = await pool.request({ method: 'POST', path, headers, body });
        await answer.body.dump();
        if (answer.statusCode !== 200) throw new Error(`Answered with ${answer.statusCode}.`);
      });
    },
    cpu: () => process.cpuUsage(),
  },
  () => pool.close(),
);
