import { setTimeout } from 'node:timers/promises';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SEED } from '../../sandbox/seed.ts';
import {
  control,
  deliveryOf,
  newCustomer,
  receivedBy,
  untilAnswered,
  untilReceived,
  write,
} from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { untilQuiet } from '../support/quiet.ts';
import {
  countOf,
  countRows,
  embeddedStoreFile,
  readEmbeddedStore,
} from '../support/storeReader.ts';

let playground: TestPlayground;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'door' });
});

afterAll(() => playground?.remove());

const test = testWith(() => playground);

/** Rows about one message of a customer. */
async function storedInbound(mid: string): Promise<number> {
  const store = readEmbeddedStore(playground.dataDir);
  return countOf(store, `messages where direction = 'inbound' and provider_id = '${mid}'`);
}

describe('the same webhook several times', () => {
  test('gives one message and one welcome when it comes three times in a row', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    const { mid, deliveryIds } = await write(sandbox, customer, 'Oi', { duplicate: 3 });
    expect(await untilAnswered(sandbox, String(deliveryIds[0]))).toEqual([200, 200, 200]);
    await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    expect(await storedInbound(mid)).toBe(1);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('gives one message and one welcome when it comes three times at the same moment', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'messenger');
    const options = { duplicate: 3, simultaneous: true };
    const { mid, deliveryIds } = await write(sandbox, customer, 'Oi', options);
    expect(await untilAnswered(sandbox, String(deliveryIds[0]))).toEqual([200, 200, 200]);
    await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    expect(await storedInbound(mid)).toBe(1);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('gives no second welcome when Meta repeats it after it was answered', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    const { mid, deliveryIds } = await write(sandbox, customer, 'Oi', { duplicate: 1 });
    await untilReceived(sandbox, customer);
    await control(sandbox, 'POST', `/deliveries/${deliveryIds[0]}/repeat`, { duplicate: 2 });
    await untilQuiet(playground);
    expect(deliveryOf(sandbox, String(deliveryIds[0])).attempts).toHaveLength(3);
    expect(await storedInbound(mid)).toBe(1);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });
});

describe('a bad signature', () => {
  const forgery = (accountId: string): string =>
    JSON.stringify({
      object: 'instagram',
      entry: [
        {
          id: accountId,
          time: Date.now(),
          messaging: [
            {
              sender: { id: '999000111222333' },
              recipient: { id: accountId },
              timestamp: Date.now(),
              message: { mid: 'forged-mid', text: 'forged text of a stranger' },
            },
          ],
        },
      ],
    });

  async function postForgery(): Promise<{ status: number; text: string; digests: string[] }> {
    const body = forgery(SEED.instagramAccountId);
    const digest = (secret: string): string =>
      createHmac('sha256', secret).update(body).digest('hex');
    const response = await fetch(playground.setup.doorUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${digest('not the app secret')}`,
      },
      body,
    });
    const text = await response.text();
    // The digest that would have been right is worth as much to a forger as the secret for this body.
    return {
      status: response.status,
      text,
      digests: [digest('not the app secret'), digest(SEED.appSecret)],
    };
  }

  async function refusedCalls(): Promise<number> {
    const store = readEmbeddedStore(playground.dataDir);
    const [row] = await store.rows(
      `select refused_calls from accounts where external_id = '${SEED.instagramAccountId}'`,
    );
    return Number(row?.refused_calls);
  }

  async function countExecutions(): Promise<number> {
    const lists = Object.values(playground.setup.workflowIds).map((id) =>
      playground.api.listExecutions(id),
    );
    return (await Promise.all(lists)).flat().length;
  }

  test('gets a constant 401 and leaves nothing but the count of refused calls', async () => {
    const store = readEmbeddedStore(playground.dataDir);
    await untilQuiet(playground);
    const rows = await countRows(store);
    const executions = await countExecutions();
    const refused = await refusedCalls();

    const first = await postForgery();
    const second = await postForgery();
    expect(first.status).toBe(401);
    expect(second.status).toBe(401);
    expect(second.text).toBe(first.text);

    await untilQuiet(playground);
    expect(await countRows(store)).toEqual(rows);
    expect(await countExecutions()).toBe(executions);
    expect(await refusedCalls()).toBe(refused + 2);
  });

  test('puts no digest into the answer, the log of n8n, its database or the store', async () => {
    const { text, digests, status } = await postForgery();
    expect(status).toBe(401);
    await untilQuiet(playground);
    const n8nFolder = path.join(playground.dataDir, 'n8n', '.n8n');
    const stores = [path.join(n8nFolder, 'database.sqlite'), embeddedStoreFile(playground.dataDir)];
    const places = new Map<string, Buffer>([
      ['the answer', Buffer.from(text)],
      ['the log', Buffer.from(playground.readLog())],
      ...stores
        .flatMap((file) => [file, `${file}-wal`])
        .filter((file) => fs.existsSync(file))
        .map((file): [string, Buffer] => [path.basename(file), fs.readFileSync(file)]),
    ]);
    expect([...places.keys()]).toEqual(
      expect.arrayContaining(['database.sqlite', 'omnichannel.sqlite']),
    );
    const found = [...places].flatMap(([place, content]) =>
      digests.filter((digest) => content.includes(digest)).map((digest) => `${digest} in ${place}`),
    );
    expect(found).toEqual([]);
    expect(places.get('omnichannel.sqlite')?.includes('forged text')).toBe(false);
  });

  test('of the provider itself is refused too, and its good calls still pass', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    const forged = await write(sandbox, customer, 'Oi', { badSignature: true });
    expect(await untilAnswered(sandbox, String(forged.deliveryIds[0]))).toEqual([401]);
    await write(sandbox, customer, 'Oi');
    await untilReceived(sandbox, customer);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('is a missing one as well', async () => {
    const response = await fetch(playground.setup.doorUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: forgery(SEED.instagramAccountId),
    });
    expect(response.status).toBe(401);
  });
});

describe('the handshake', () => {
  const ask = (token: string, challenge = '1158201444'): Promise<Response> => {
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.challenge': challenge,
      'hub.verify_token': token,
    });
    return fetch(`${playground.setup.doorUrl}?${query}`);
  };

  test('gives the challenge back as plain text', async () => {
    const response = await ask(SEED.verifyToken);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe('1158201444');
  });

  test('never gives back what a browser could take for a page', async () => {
    const response = await ask(SEED.verifyToken, '<script>alert(1)</script>');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('refuses another verify token', async () => {
    const response = await ask('guessed');
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('1158201444');
  });
});

describe('a token that is changed in n8n', () => {
  test('is used for the next answer, without publishing anything again', async () => {
    const { sandbox, api, setup } = playground;
    const { value } = await control<{ value: string }>(sandbox, 'POST', '/tokens', {});
    await control(sandbox, 'PATCH', `/tokens/${SEED.pageToken}`, { invalid: { code: 190 } });
    await api.updateCredential(setup.credential.id, {
      accessToken: value,
      appId: SEED.appId,
      appSecret: SEED.appSecret,
      instagramAppSecret: '',
      pageId: SEED.pageId,
      verifyToken: SEED.verifyToken,
      graphVersion: 'v25.0',
      graphBaseUrl: sandbox.url,
    });
    // A busy door opens its credential once a second.
    await setTimeout(1_100);
    const customer = await newCustomer(sandbox, 'instagram');
    await write(sandbox, customer, 'Oi');
    await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });
});
