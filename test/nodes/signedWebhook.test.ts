import { createHmac } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { Webhook } from 'standardwebhooks';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { SignedWebhookTrigger } from '../../nodes/SignedWebhook/SignedWebhookTrigger.node';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, triggerContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const PATH = '/webhook/webhook-id/signed';
const TEST_PATH = '/webhook-test/webhook-id/signed';
const DOOR = 'workflow-1:id-of-signedWebhookTrigger';
const BODY = JSON.stringify({ event: 'deal.moved', timestamp: 'x', data: { dealId: '4711' } });

const node = new SignedWebhookTrigger();
const logger = createTestLogger();
let instance: Instance;
let setup: NodeSetup;

beforeAll(async () => {
  instance = await startInstance();
  instance.server.mount(PATH, (call) => node.webhook.call(webhookContext(setup, call)));
  instance.server.mount(TEST_PATH, (call) =>
    node.webhook.call(webhookContext({ ...setup, mode: 'manual' }, call)),
  );
});
afterAll(() => instance.close());
beforeEach(() => {
  setup = {
    node,
    logger,
    credentials: { signedWebhookApi: { secret: SECRET } },
    webhookUrl: instance.server.url + PATH,
  };
});

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const door = async () => core.accounts.getDoor(await app(), 'default', DOOR);
async function recorded() {
  const filter = { types: ['webhook.received' as const] };
  const { items } = await core.events.listEvents(await app(), 'default', { filter, limit: 500 });
  return items;
}

function post(headers: Record<string, string>, { body = BODY, path = PATH } = {}) {
  return fetch(instance.server.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

let count = 0;
/** Signed by the reference library of Standard Webhooks. */
function standard({
  secret = SECRET,
  id = `msg_${(count += 1)}`,
  ageSeconds = 0,
  body = BODY,
} = {}) {
  const at = new Date(Date.now() - ageSeconds * 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}
const hmac = (
  encoding: 'hex' | 'base64',
  { key = SECRET, body = BODY, algorithm = 'sha256' } = {},
) => createHmac(algorithm, key).update(body).digest(encoding);

describe('publishing the trigger', () => {
  it('registers the door', async () => {
    await node.webhookMethods.default.create.call(hookContext(setup));
    expect(await door()).toMatchObject({
      provider: 'signed_webhook',
      url: instance.server.url + PATH,
      unwantedSince: null,
    });
  });

  it.each([
    ['a blank secret', { secret: ' ' }],
    ['a short secret', { secret: 'secret' }],
    ['a short previous secret', { secret: SECRET, previousSecret: 'old' }],
  ])('refuses %s', async (_what, credential) => {
    setup.credentials = { signedWebhookApi: credential };
    await expect(node.webhookMethods.default.create.call(hookContext(setup))).rejects.toThrow(
      /Secret" of the credential/,
    );
  });

  it('refuses a header of choice without a name', async () => {
    setup.parameters = { scheme: 'customHeader' };
    await expect(node.webhookMethods.default.create.call(hookContext(setup))).rejects.toThrow(
      /not the name of a header/,
    );
  });

  it('notes the door as unwanted when it is unpublished, and not at the end of a test', async () => {
    const leave = () =>
      node.webhookMethods.default.delete.call(hookContext({ ...setup, mode: 'internal' }));
    const context = triggerContext(setup);
    const { closeFunction } = await node.trigger.call(context);
    await leave();
    expect((await door())?.unwantedSince).toBeNull();
    await closeFunction?.();
    await leave();
    expect((await door())?.unwantedSince).not.toBeNull();
    await node.webhookMethods.default.create.call(hookContext(setup));
  });
});

describe('a signed call', () => {
  it('is stored before it is answered, with what it said and without its signature', async () => {
    const headers = { ...standard({ id: 'msg_stored' }), authorization: 'Bearer hidden-word' };
    const response = await post({ ...headers, 'user-agent': 'a-crm/1.0' });
    expect([response.status, await response.text()]).toEqual([200, 'OK']);
    const [item] = await recorded();
    expect(item).toMatchObject({
      event: 'webhook.received',
      connection: { id: DOOR, name: 'Inbound: Signed Webhook Trigger' },
      data: {
        webhookId: 'msg_stored',
        event: 'deal.moved',
        headers: { 'user-agent': 'a-crm/1.0' },
        body: { data: { dealId: '4711' } },
      },
    });
    expect(JSON.stringify(item)).not.toContain('hidden-word');
    expect(JSON.stringify(item)).not.toContain(headers['webhook-signature']);
    expect(instance.server.results.at(-1)).toEqual({ noWebhookResponse: true });
  });

  it.each<[string, IDataObject, () => Record<string, string>]>([
    ['Standard Webhooks', {}, () => standard()],
    [
      'X-Webhook-Signature',
      { scheme: 'xWebhookSignature' },
      () => ({ 'x-webhook-signature': hmac('hex') }),
    ],
    [
      'X-Hub-Signature-256',
      { scheme: 'xHubSignature256' },
      () => ({ 'x-hub-signature-256': `sha256=${hmac('hex')}`, 'webhook-id': 'hub-1' }),
    ],
    [
      'a header of choice in hex',
      { scheme: 'customHeader', headerName: 'X-Shop-Sign', headerPrefix: 'v0=' },
      () => ({ 'x-shop-sign': `v0=${hmac('hex')}`, 'webhook-id': 'shop-1' }),
    ],
    [
      'a header of choice in base64 with SHA-512',
      {
        scheme: 'customHeader',
        headerName: 'X-Shop-Sign',
        encoding: 'base64',
        algorithm: 'sha512',
      },
      () => ({ 'x-shop-sign': hmac('base64', { algorithm: 'sha512' }), 'webhook-id': 'shop-2' }),
    ],
  ])(
    'is accepted under the scheme %s, and with one byte changed refused',
    async (_name, parameters, headers) => {
      setup.parameters = parameters;
      const before = (await recorded()).length;
      const signed = headers();
      expect((await post(signed, { body: BODY.replace('4711', '4712') })).status).toBe(401);
      expect((await post(signed)).status).toBe(200);
      expect((await recorded()).length).toBe(before + 1);
    },
  );

  it('is accepted under the previous secret while there is one', async () => {
    expect((await post(standard({ secret: OTHER }))).status).toBe(401);
    setup.credentials = { signedWebhookApi: { secret: SECRET, previousSecret: ` ${OTHER}\n` } };
    expect((await post(standard({ secret: OTHER }))).status).toBe(200);
    expect((await post(standard())).status).toBe(200);
  });

  it('is refused when its time is too far away, in either direction', async () => {
    setup.parameters = { options: { toleranceSeconds: 60 } };
    const statuses = [120, -120, 30].map(async (ageSeconds) => {
      const { status } = await post(standard({ ageSeconds }));
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  });

  it('may carry text, and keeps it as text', async () => {
    const body = 'plain words';
    await post(standard({ id: 'msg_text', body }), { body });
    expect((await recorded())[0]?.data).toMatchObject({ body, event: null });
  });

  it('gets 413 when it is larger than an event may be', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    expect((await post(standard({ body }), { body })).status).toBe(413);
  });

  it('gets 500 when it cannot be stored, so that the sender tries again', async () => {
    const good = process.env.OMNICHANNEL_DATABASE_URL;
    process.env.OMNICHANNEL_DATABASE_URL = 'postgresql://nobody:secret-word@127.0.0.1:9/none';
    const headers = standard({ id: 'msg_no_store' });
    const response = await post(headers);
    if (good === undefined) delete process.env.OMNICHANNEL_DATABASE_URL;
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text + JSON.stringify(logger.entries)).not.toContain('secret-word');
    expect((await post(headers)).status).toBe(200);
  });
});

describe('a repeat', () => {
  const stored = async (calls: Array<Record<string, string>>) => {
    const before = (await recorded()).length;
    for (const headers of calls) expect((await post(headers)).status).toBe(200);
    return (await recorded()).length - before;
  };

  it('of the same id is answered with 200 and stored once, also at the same moment', async () => {
    const headers = standard({ id: 'msg_thrice' });
    const before = (await recorded()).length;
    const answers = await Promise.all([1, 2, 3].map(() => post(headers)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await recorded()).length).toBe(before + 1);
    expect(await stored([standard({ id: 'msg_thrice', ageSeconds: 3 })])).toBe(0);
  });

  it('under another id that nobody signed is one where the content counts', async () => {
    setup.parameters = { scheme: 'xHubSignature256', options: { repeats: 'content' } };
    const signature = `sha256=${hmac('hex', { body: BODY })}`;
    const call = (id: string) => ({ 'x-hub-signature-256': signature, 'webhook-id': id });
    expect(await stored([call('unsigned-1'), call('unsigned-2')])).toBeLessThanOrEqual(1);
    expect(await stored([call('unsigned-3')])).toBe(0);
  });

  it('is none where every call is to be taken', async () => {
    setup.parameters = { options: { repeats: 'never' } };
    const headers = standard({ id: 'msg_every' });
    expect(await stored([headers, headers])).toBe(2);
  });
});

describe('a call that is not signed', () => {
  it('gets a constant 401, whatever is wrong, and leaves only the count on the door', async () => {
    const before = await recorded();
    const refused = (await door())?.refusedCalls ?? 0;
    logger.entries.length = 0;
    const right = standard({ id: 'msg_forged' });
    const wrong = standard({ secret: OTHER, id: 'msg_forged' });
    const answers = [
      await post({}),
      await post(wrong),
      await post({ ...right, 'webhook-id': 'msg_other' }),
      await post({ ...right, 'webhook-signature': 'v1,' }),
      await post({ ...right, 'webhook-signature': right['webhook-signature'].replace('v1', 'v2') }),
      await post({ ...right, 'webhook-timestamp': 'soon' }),
      await post({ 'x-webhook-signature': hmac('hex') }),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(new Set(texts).size).toBe(1);
    const everything = texts.join() + JSON.stringify(logger.entries);
    for (const headers of [right, wrong]) {
      expect(everything).not.toContain(headers['webhook-signature'].slice(3, 23));
    }
    expect(await recorded()).toEqual(before);
    expect((await door())?.refusedCalls).toBe(refused + answers.length);
  });
});

describe('a test in the editor', () => {
  it('shows a signed call at once and stores nothing', async () => {
    const before = await recorded();
    const response = await post(standard({ id: 'msg_editor' }), { path: TEST_PATH });
    expect(response.status).toBe(200);
    const shown = instance.server.results.at(-1)?.workflowData?.[0]?.[0]?.json;
    expect(shown).toMatchObject({
      event: 'webhook.received',
      connection: { id: DOOR },
      data: { webhookId: 'msg_editor', event: 'deal.moved', body: { data: { dealId: '4711' } } },
    });
    expect(await recorded()).toEqual(before);
  });

  it('looks just like what production stores', async () => {
    const headers = standard({ id: 'msg_same' });
    await post(headers, { path: TEST_PATH });
    const shown = instance.server.results.at(-1)?.workflowData?.[0]?.[0]?.json;
    await post(headers);
    const [stored] = await recorded();
    const changing = { id: '', timestamp: '' };
    expect({ ...shown, ...changing }).toEqual({ ...stored, ...changing });
  });

  it('refuses an unsigned call at the test address as well', async () => {
    expect((await post({}, { path: TEST_PATH })).status).toBe(401);
  });
});

describe('the trigger as a consumer', () => {
  it('starts on the calls of its own door alone, and again when a run was lost', async () => {
    const context = triggerContext({ ...setup, child: 'Next' }, [new Error('going away')]);
    const { closeFunction } = await node.trigger.call(context);
    setup.workflowId = 'another-workflow';
    await post(standard({ id: 'msg_of_another_door' }));
    delete setup.workflowId;
    await post(standard({ id: 'msg_consumed' }));
    await waitFor(() => context.executions.length >= 2, {
      what: 'the second try',
    });
    await closeFunction?.();
    const ids = context.executions.flat().map(({ json }) => (json.data as IDataObject).webhookId);
    expect(ids).toEqual(['msg_consumed', 'msg_consumed']);
  });
});
