import type { IRun } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { activeTriggers } from '../../nodes/shared/activeTriggers';
import { emitAndAwait } from '../../nodes/shared/emitAndAwait';
import { openApp } from '../../nodes/shared/openApp';
import { OmnichannelTrigger } from '../../nodes/Omnichannel/OmnichannelTrigger.node';
import type { EventItem } from '../../core/model';
import { closeApps } from '../../core/runtime';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { triggerContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { closedWayTo, type TcpWay } from './support/tcpWay.ts';

const node = new OmnichannelTrigger();
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

let count = 0;
/** A message to a connected account, as a door records it. */
async function messageArrives(text: string, personId = '7001'): Promise<EventItem> {
  count += 1;
  const { items } = await core.messaging.recordInbound(await app(), {
    tenantId: 'default',
    doorId: 'door',
    events: [
      {
        kind: 'message',
        provider: 'meta',
        channel: 'messenger',
        accountExternalId: instance.sandbox.seed.page.id,
        dedupeKey: `m_${count}`,
        occurredAt: Date.now(),
        raw: {},
        contact: { externalId: personId },
        providerId: `m_${count}`,
        type: 'text',
        text,
        attachments: [],
        buttonPayload: null,
        replyTo: null,
        referral: null,
        standby: false,
      },
    ],
  });
  const item = items.find(({ event }) => event === 'message.received');
  if (!item) throw new Error('The message was not recorded.');
  return item;
}

async function connectPage() {
  const { seed } = instance.sandbox;
  await core.accounts.syncCredentialAccounts(await app(), {
    tenantId: 'default',
    provider: 'meta',
    credentialId: 'credential-1',
    discovered: [
      {
        channel: 'messenger',
        externalId: seed.page.id,
        parentExternalId: null,
        name: seed.page.name,
        secrets: { accessToken: seed.pageAccessToken },
        expiresAt: null,
      },
    ],
  });
}

describe('the Omnichannel Trigger in the editor', () => {
  it('says what to do when nothing has happened yet', async () => {
    const context = triggerContext({ node, mode: 'manual' });
    const { manualTriggerFunction } = await node.trigger.call(context);
    await expect(manualTriggerFunction?.()).rejects.toThrow(
      /No event of this kind has happened yet/,
    );
  });

  it('shows the newest matching event at once, as often as it is asked', async () => {
    await connectPage();
    await messageArrives('primeira');
    await messageArrives('segunda');
    const context = triggerContext({ node, mode: 'manual' });
    for (let press = 0; press < 2; press += 1) {
      const { manualTriggerFunction } = await node.trigger.call(context);
      await manualTriggerFunction?.();
    }
    const shown = context.executions
      .flat()
      .map(({ json }) => (json.message as { text: string }).text);
    expect(shown).toEqual(['segunda', 'segunda']);
  });
});

describe('a collecting trigger in the editor', () => {
  it('shows one message in the shape that several have', async () => {
    await connectPage();
    await messageArrives('uma linha');
    const parameters = { options: { collectSeconds: 5 } };
    const context = triggerContext({ node, mode: 'manual', parameters });
    const { manualTriggerFunction } = await node.trigger.call(context);
    await manualTriggerFunction?.();
    const [item] = context.executions.flat();
    expect(item?.json).toMatchObject({
      message: { text: 'uma linha' },
      messages: [{ text: 'uma linha' }],
    });
  });
});

describe('the published Omnichannel Trigger', () => {
  it('emits what passes its filters, one item per event, from now on', async () => {
    const context = triggerContext({
      node,
      child: 'Reply',
      workflowId: 'filters',
      parameters: { keyword: 'agendar', channels: ['messenger'], events: ['message.received'] },
    });
    const { closeFunction } = await node.trigger.call(context);
    await messageArrives('bom dia');
    const wanted = await messageArrives('Quero AGENDAR uma consulta');
    await waitFor(() => context.executions.length > 0, { what: 'an execution' });
    await closeFunction?.();
    expect(context.executions).toEqual([[{ json: wanted }]]);
  });

  it('emits an event again when its run was lost, and once it was handled never again', async () => {
    const runs = [new Error('the process is going away'), { status: 'success' as const }];
    const context = triggerContext({ node, child: 'Reply', workflowId: 'again' }, runs);
    const { closeFunction } = await node.trigger.call(context);
    const { id } = await messageArrives('perdida');
    await waitFor(() => context.executions.length === 2, {
      what: 'the second try',
    });
    const last = await messageArrives('depois', '7002');
    await waitFor(() => context.executions.flat().some(({ json }) => json.id === last.id), {
      what: 'the next event',
    });
    await closeFunction?.();
    expect(context.executions.flat().filter(({ json }) => json.id === id)).toHaveLength(2);
  });

  it('gives one execution many events where the admin asks for batches', async () => {
    const context = triggerContext({
      node,
      child: 'Reply',
      workflowId: 'batches',
      parameters: { options: { batchSize: 10, batchWaitSeconds: 1 } },
    });
    const { closeFunction } = await node.trigger.call(context);
    for (const person of ['7101', '7102', '7103']) await messageArrives('oi', person);
    await waitFor(() => context.executions.length > 0, { what: 'the batch' });
    await closeFunction?.();
    expect(context.executions.map((items) => items.length)).toEqual([3]);
  });

  it('gives one execution the lines of somebody who writes several, where it collects', async () => {
    const context = triggerContext({
      node,
      child: 'Reply',
      workflowId: 'collects',
      parameters: { options: { collectSeconds: 1 } },
    });
    const { closeFunction } = await node.trigger.call(context);
    const lines = ['oi', 'tudo bem?', 'queria marcar', 'uma consulta', 'amanhã'];
    const events = [];
    for (const line of lines) events.push(await messageArrives(line, '7201'));
    await waitFor(() => context.executions.length > 0, { what: 'an execution' });
    await closeFunction?.();
    expect(context.executions).toHaveLength(1);
    expect(context.executions[0]).toMatchObject([
      {
        json: {
          id: events[0]?.id,
          message: { text: lines.join('\n') },
          messages: lines.map((text) => ({ text })),
        },
      },
    ]);
  });

  it('refuses to collect and to batch at once, and names the fields', async () => {
    const context = triggerContext({
      node,
      child: 'Reply',
      workflowId: 'both',
      parameters: { options: { collectSeconds: 5, batchSize: 10 } },
    });
    await expect(node.trigger.call(context)).rejects.toThrow(/batch size cannot be combined/);
  });

  it('reads its parameters only before it returns', async () => {
    const context = triggerContext({ node, child: 'Reply', workflowId: 'isolate' });
    const { closeFunction } = await node.trigger.call(context);
    context.getNodeParameter = () => {
      throw new Error('No bridge acquired for this context');
    };
    await messageArrives('ainda funciona');
    await waitFor(() => context.executions.length > 0, { what: 'an execution' });
    await closeFunction?.();
  });

  it('with nothing connected behind it consumes nothing', async () => {
    const context = triggerContext({ node, workflowId: 'nothing' });
    const { closeFunction } = await node.trigger.call(context);
    const witness = triggerContext({ node, child: 'Reply', workflowId: 'witness' });
    const other = await node.trigger.call(witness);
    await messageArrives('para ninguém');
    await waitFor(() => witness.executions.length > 0, { what: 'the witness' });
    await closeFunction?.();
    await other.closeFunction?.();
    expect(context.executions).toEqual([]);
  });
});

describe('a door that leads somewhere since a moment ago', () => {
  it('tries again to start consuming when the first try failed', async () => {
    const setup = { node, workflowId: 'late', parameters: { options: { batchSize: 0 } } };
    const { closeFunction } = await node.trigger.call(triggerContext(setup));
    const trigger = activeTriggers().get('late:id-of-omnichannelTrigger');
    await expect(trigger?.ensureConsuming()).rejects.toThrow(/batch/i);
    await expect(trigger?.ensureConsuming()).rejects.toThrow(/batch/i);
    await closeFunction?.();
    expect(activeTriggers().has('late:id-of-omnichannelTrigger')).toBe(false);
  });

  it('gives the runtime back when it is closed while a start is failing', async () => {
    const setup = { node, workflowId: 'failing', parameters: { options: { batchSize: 0 } } };
    const { closeFunction } = await node.trigger.call(triggerContext(setup));
    const failing = activeTriggers().get('failing:id-of-omnichannelTrigger')?.ensureConsuming();
    const failed = expect(failing).rejects.toThrow(/batch/i);
    await closeFunction?.();
    await failed;
    expect((await app()).runtime.uses.size).toBe(0);
  });
});

describe('a store that is away', () => {
  let database: TestDatabase;
  let before: string | undefined;
  let way: TcpWay;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { hostname, port } = new URL(database.url);
    way = await closedWayTo(hostname, Number(port));
    const url = new URL(database.url);
    url.host = `127.0.0.1:${way.port}`;
    // A process keeps to one kind of store.
    await closeApps();
    before = process.env.OMNICHANNEL_DATABASE_URL;
    process.env.OMNICHANNEL_DATABASE_URL = url.toString();
  });
  afterAll(async () => {
    await closeApps();
    if (before === undefined) delete process.env.OMNICHANNEL_DATABASE_URL;
    else process.env.OMNICHANNEL_DATABASE_URL = before;
    await way.close();
    await database.drop();
  });

  it('is an error on the screen of whoever publishes', async () => {
    const context = triggerContext({ node, child: 'Reply', workflowId: 'published' });
    await expect(node.trigger.call(context)).rejects.toThrow(/PostgreSQL|database|connect/i);
    expect(activeTriggers().has('published:id-of-omnichannelTrigger')).toBe(false);
  });

  it('does not keep a trigger from working that n8n starts before it', async () => {
    const logger = createTestLogger();
    const setup = { node, child: 'Reply', activation: 'init' as const, logger };
    const context = triggerContext({ ...setup, workflowId: 'waits' });
    const stopped = triggerContext({ ...setup, workflowId: 'stopped' });
    const { closeFunction } = await node.trigger.call(context);
    const closeEarly = (await node.trigger.call(stopped)).closeFunction;
    expect(logger.entries.map(({ message }) => message).join()).toMatch(/waits for its store/);
    await closeEarly?.();
    await way.open();
    await waitFor(() => logger.entries.some(({ message }) => /works after all/.test(message)), {
      what: 'the consumer',
    });
    await connectPage();
    const item = await messageArrives('depois da espera');
    await waitFor(() => context.executions.length > 0, { what: 'an execution' });
    expect(context.executions).toEqual([[{ json: item }]]);
    await closeFunction?.();
    expect(stopped.executions).toEqual([]);
    expect((await app()).runtime.uses.size).toBe(0);
  });
});

describe('the end of a run', () => {
  const endsAs = (run: Partial<IRun> | undefined | Error) =>
    emitAndAwait(triggerContext({ node }, [run]), []);

  it.each(['success', 'error', 'waiting', 'canceled'] as const)(
    'counts as handled: %s',
    async (status) => {
      await expect(endsAs({ status })).resolves.toBe('handled');
    },
  );

  it('counts as handled when n8n stored the run as failed before its first node', async () => {
    await expect(endsAs(undefined)).resolves.toBe('handled');
  });

  it('means again when the run crashed or was never stored', async () => {
    await expect(endsAs({ status: 'crashed' })).rejects.toThrow('crashed');
    await expect(endsAs(new Error('could not be stored'))).rejects.toThrow('could not be stored');
  });

  describe('in queue mode', () => {
    const ends = {
      succeeded: {},
      failed: { body: { message: 'Workflow execution failed' }, statusCode: 500 },
    };
    const answerOfNode = { body: { ok: true }, headers: {}, statusCode: 500 };
    /** A run of which n8n itself tells nothing until `tell` is called. */
    const begin = (answer: unknown) => {
      const logger = createTestLogger();
      const context = triggerContext({ node, logger });
      let tell: (run: Partial<IRun>) => void = () => undefined;
      context.emit = (_data, response, done) => {
        tell = (run) => done?.resolve(run as IRun);
        if (answer instanceof Error) response?.reject(answer);
        else response?.resolve(answer as never);
      };
      const run = emitAndAwait(context, [], 'queue');
      let isOver = false;
      void run.finally(() => (isOver = true)).catch(() => undefined);
      return { run, logger, tell: (end: Partial<IRun>) => tell(end), isOver: () => isOver };
    };

    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    it.each(['succeeded', 'failed'] as const)(
      'comes from the worker where n8n missed it: %s',
      async (how) => {
        const { run, logger, isOver } = begin(ends[how]);
        await jest.advanceTimersByTimeAsync(9_000);
        expect(isOver()).toBe(false);
        await jest.advanceTimersByTimeAsync(2_000);
        await expect(run).resolves.toBe('handled');
        expect(logger.entries).toMatchObject([
          {
            level: 'warn',
            message: expect.stringContaining('N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED'),
          },
        ]);
      },
    );

    it('is what n8n says, where it says it', async () => {
      const { run, logger, tell } = begin(ends.succeeded);
      tell({ status: 'crashed' });
      await expect(run).rejects.toThrow('crashed');
      await jest.advanceTimersByTimeAsync(60_000);
      expect(logger.entries).toEqual([]);
    });

    it('is neither the answer of a node in the middle nor one that fails', async () => {
      for (const answer of [answerOfNode, new Error('cancelled')]) {
        const { run, tell, isOver } = begin(answer);
        await jest.advanceTimersByTimeAsync(3_600_000);
        expect(isOver()).toBe(false);
        tell({ status: 'success' });
        await expect(run).resolves.toBe('handled');
      }
    });
  });
});
