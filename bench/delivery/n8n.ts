import { Pool } from 'undici';
import { concurrently, type Contestant } from '../lib/measure.ts';
import { N8N_VERSION, publishChain, startBenchN8n, webhookPart } from '../lib/n8n.ts';
import { bodyOf } from './payload.ts';

/** What one builds of n8n's own nodes to deliver events. */
export interface N8nDeliveries {
  /** All events are items of one execution. */
  asItems(count: number, arrived: Arrived): Contestant;
  /** Each event starts an execution, `width` callers at once. */
  asExecutions(count: number, width: number, arrived: Arrived): Contestant;
  close(): Promise<void>;
}

/** @returns a promise that resolves when so many have come to the receiver under this name */
type Arrived = (name: string, count: number) => Promise<unknown>;

const NAMES = { items: 'n8n-items', executions: 'n8n-executions' };

/** @param origin of the receiver */
export async function openN8nDeliveries(origin: string): Promise<N8nDeliveries> {
  const n8n = await startBenchN8n();
  const request = (name: string, body: string) => ({
    name: 'HTTP Request',
    type: 'n8n-nodes-base.httpRequest',
    typeVersion: 4.3,
    parameters: {
      method: 'POST',
      url: `${origin}/${name}`,
      sendBody: true,
      // The text as it is: n8n neither parses nor writes JSON for it.
      contentType: 'raw',
      rawContentType: 'application/json',
      body,
      options: {},
    },
  });
  await publishChain(n8n.api, 'All events in one execution', [
    webhookPart('items', 'last'),
    {
      name: 'Split Out',
      type: 'n8n-nodes-base.splitOut',
      typeVersion: 1,
      parameters: { fieldToSplitOut: 'body.texts', options: { destinationFieldName: 'text' } },
    },
    request(NAMES.items, '={{ $json.text }}'),
  ]);
  await publishChain(n8n.api, 'One execution for each event', [
    webhookPart('event', 'at once'),
    request(NAMES.executions, '={{ $json.body.text }}'),
  ]);
  const pool = new Pool(n8n.baseUrl, { connections: 50, headersTimeout: 0 });
  const start = async (route: string, content: unknown): Promise<void> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: `/webhook/${route}`,
      headers: { 'content-type': 'application/json' },
      body: typeof content === 'string' ? content : JSON.stringify(content),
    });
    const answer = await body.text();
    if (statusCode !== 200)
      throw new Error(`n8n answered ${statusCode}: ${answer}\n${n8n.logTail()}`);
  };
  const version = `n8n ${N8N_VERSION}`;
  let texts = '';
  return {
    asItems: (count, arrived) => ({
      name: 'n8n HTTP Request, all items in one execution',
      version,
      prepare: () => {
        texts = JSON.stringify({ texts: Array.from({ length: count }, (_, n) => bodyOf(n)) });
        return Promise.resolve();
      },
      run: async () => {
        const all = arrived(NAMES.items, count);
        await Promise.all([all, start('items', texts)]);
        return count;
      },
    }),
    asExecutions: (count, width, arrived) => ({
      name: 'n8n HTTP Request, one execution for each event',
      version,
      run: async () => {
        const all = arrived(NAMES.executions, count);
        await concurrently(count, width, (n) => start('event', { text: bodyOf(n) }));
        await all;
        return count;
      },
    }),
    async close() {
      await pool.close();
      await n8n.close();
    },
  };
}
