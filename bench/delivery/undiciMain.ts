/*
 * A bare loop over undici: everything in memory, nothing kept, nothing tried again. What no delivery over a database
 * can reach. It posts the same bodies with the same two signatures as we do, each made anew for its request, so many at
 * a time over one Agent with its own settings, and reads every answer to its end.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Agent, request } from 'undici';
import { concurrently } from '../lib/measure.ts';
import { bodyOf } from './payload.ts';
import { readSetup, serve } from './worker.ts';

const { origin, path, width } = readSetup<{ origin: string; path: string; width: number }>();
/** What delivers to any address, as our dispatcher does; one Pool for the one receiver is faster by a few per cent. */
const agent = new Agent();
const url = `${origin}${path}`;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BYTES = Buffer.from(SECRET.slice(6), 'base64');
/** Node.js makes a key of bytes with every createHmac, which takes longer than signing 2 KB. */
const MADE_ONCE = createSecretKey(BYTES);
let bodies: string[] = [];

/** The same two signatures as ours. */
function signed(number: number, body: string, key: Buffer | KeyObject): Record<string, string> {
  const id = `msg_${number}`;
  const timestamp = Math.floor(Date.now() / 1_000);
  const standard = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
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
    run: async ({ isKeyMadeOnce }: { isKeyMadeOnce: boolean }) => {
      const key = isKeyMadeOnce ? MADE_ONCE : BYTES;
      await concurrently(bodies.length, width, async (index) => {
        const body = bodies[index] ?? '';
        const headers = signed(index, body, key);
        const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body });
        await answer.body.dump();
        if (answer.statusCode !== 200) throw new Error(`Answered with ${answer.statusCode}.`);
      });
    },
  },
  () => agent.close(),
);
