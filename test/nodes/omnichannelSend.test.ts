import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { runScheduled } from '../../core/journeys';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const trigger = new MetaMessagingTrigger();
const PATH = '/webhook/webhook-id/meta';
const nodeTypes = { ...probeNodes, [`${PACKAGE}.omnichannel`]: new Omnichannel() };
const HOUR_MS = 3_600_000;
let instance: Instance;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
  const setup = {
    node: trigger,
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => trigger.webhook.call(webhookContext(setup, call)));
  await trigger.webhookMethods.default.create.call(hookContext(setup));
  for (const object of ['page', 'instagram']) {
    await instance.control('POST', '/subscriptions', {
      callbackUrl: instance.server.url + PATH,
      verifyToken: instance.credential.verifyToken,
      object,
      subscribePages: true,
    });
  }
});
afterAll(() => instance.close());

/** A customer writes; what the trigger would emit for it. */
async function customerWrites(text: string) {
  const persona = instance.sandbox.seed.personas.instagram[0];
  if (!persona) throw new Error('The sandbox has nobody there.');
  await instance.control('POST', '/inject', { channel: 'instagram', persona: persona.id, text });
  const item = await waitFor(
    async () => {
      const { items } = await core.events.listEvents(await app(), 'default', {
        filter: { types: ['message.received'] },
        limit: 500,
      });
      return items.find((one) => one.message?.text === text);
    },
    { what: `the event of "${text}"` },
  );
  return { json: item as unknown as IDataObject } satisfies INodeExecutionData;
}

async function answers(): Promise<string[]> {
  const persona = instance.sandbox.seed.personas.instagram[0]?.id ?? '';
  const query = `/messages?persona=${persona}&direction=out`;
  const { data } = await instance.control<{ data: { text?: string }[] }>('GET', query);
  return data.map(({ text = '' }) => text);
}

/** The operation, behind a trigger that gave one item. */
async function run(
  parameters: IDataObject,
  item: INodeExecutionData,
  { workflow = 'workflow-1', source = 'omnichannelTrigger' } = {},
) {
  const finished = await runWorkflow(
    {
      id: workflow,
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.${source}` },
        {
          name: 'Omnichannel',
          type: `${PACKAGE}.omnichannel`,
          parameters: { resource: 'message', operation: 'send', ...parameters } as never,
        },
      ],
      connections: [['Trigger', 'Omnichannel']],
    },
    { nodeTypes: { ...nodeTypes, [`${PACKAGE}.${source}`]: triggerType() }, items: [item] },
  );
  const [items = []] = finished.output('Omnichannel');
  return { error: finished.error, json: items[0]?.json, all: items.map(({ json }) => json) };
}

function triggerType() {
  const found = probeNodes[`${PACKAGE}.omnichannelTrigger`];
  if (!found) throw new Error('There is no trigger to stand before the node.');
  return found;
}

describe('Omnichannel: message: send', () => {
  it('answers the conversation of the trigger, as it always did', async () => {
    const item = await customerWrites('Oi, um');
    const { json, error } = await run({ text: 'Olá, um!' }, item);
    expect([error, json?.status]).toEqual([undefined, 'sent']);
    expect(await answers()).toContain('Olá, um!');
  });

  it('reaches a contact by the channel that lets it through', async () => {
    const item = await customerWrites('Oi, dois');
    const { json } = await run({ sendTo: 'contact', text: 'Olá, dois!' }, item);
    expect(json).toMatchObject({ status: 'sent', channel: 'instagram' });
    expect(await answers()).toContain('Olá, dois!');
  });

  it('reaches a channel id at an account', async () => {
    const item = await customerWrites('Oi, três');
    const account = { __rl: true, mode: 'id', value: '={{ $json.connection.id }}' };
    const { json } = await run({ sendTo: 'channelId', account, text: 'Olá, três!' }, item);
    expect(json?.status).toBe('sent');
  });

  it.each([
    [
      { sendTo: 'contact', contactId: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' } },
      '"Contact" is empty',
    ],
    [{ sendTo: 'phone', phone: '={{ $json.nothing }}' }, '"Phone Number" is empty'],
    [{ sendWhen: 'atTime', sendAt: '={{ $json.nothing }}' }, '"Send At" is empty'],
    [{ sendWhen: 'atTime', sendAt: 'amanhã' }, 'in "Send At" is no date'],
  ])('says which field is missing or wrong, %#', async (parameters, sentence) => {
    const item = await customerWrites('Oi, sem campo');
    const { error } = await run({ text: 'Olá', ...parameters }, item);
    expect(error).toContain(sentence);
  });

  it('keeps a message for later, and lists, moves and cancels it', async () => {
    const item = await customerWrites('Oi, depois');
    const at = new Date(Date.now() + HOUR_MS).toISOString();
    const later = { sendWhen: 'atTime', sendAt: at, text: 'Até já!' };
    const { json } = await run(later, item);
    expect(json).toMatchObject({ status: 'scheduled', scheduled: { at } });
    const again = await run(later, item);
    expect(again.json).toMatchObject({ status: 'scheduled', duplicate: true });
    const id = (json?.scheduled as { id: string }).id;

    const listed = await run({ operation: 'getScheduled', returnAll: true }, item);
    expect(listed.all).toEqual([
      expect.objectContaining({
        id,
        at,
        status: 'scheduled',
        why: 'at_time',
        source: expect.objectContaining({ nodeName: 'Omnichannel', workflowId: 'workflow-1' }),
        message: { type: 'text', text: 'Até já!', whenWindowClosed: null },
      }),
    ]);
    const message = { __rl: true, mode: 'id', value: id };
    const moved = await run(
      { operation: 'reschedule', scheduledMessage: message, newTime: '2020-01-01T10:00' },
      item,
    );
    expect(moved.json?.status).toBe('scheduled');
    await runScheduled(await app());
    expect(await answers()).toContain('Até já!');
    const gone = await run({ operation: 'cancel', scheduledMessage: message }, item);
    expect(gone.error).toContain('has had its turn and can no longer be cancelled');
  });

  it('keeps a message once per event, and never sends what was cancelled', async () => {
    const item = await customerWrites('Oi, cancela');
    const later = {
      sendWhen: 'atTime',
      sendAt: new Date(Date.now() + HOUR_MS).toISOString(),
      text: 'Nunca',
    };
    const { json } = await run(later, item);
    const value = (json?.scheduled as { id: string }).id;
    const message = { __rl: true, mode: 'id', value };
    const cancelled = await run({ operation: 'cancel', scheduledMessage: message }, item);
    expect(cancelled.json?.status).toBe('cancelled');
    expect((await run(later, item)).json).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      duplicate: true,
    });
  });

  it('sends one message for a due moment, whichever node or workflow comes first', async () => {
    const { json } = await customerWrites('Oi, jornada');
    const due = { json: { ...json, journeyKey: 'reminder:apt_9:2026-11-25T15:00Z' } };
    const journey = { source: 'customerJourneyTrigger' };
    const first = await run({ text: 'Lembrete' }, due, journey);
    expect(first.json).toMatchObject({ status: 'sent' });
    const again = await run({ text: 'Lembrete' }, due, journey);
    expect(again.json).toMatchObject({ status: 'sent', duplicate: true });
    const other = await run({ text: 'Lembrete' }, due, { ...journey, workflow: 'workflow-2' });
    expect(other.json).toMatchObject({ status: 'skipped', reason: 'already_sent' });
    const second = { text: 'Documentos', options: { journeyMessage: 'documents' } };
    expect((await run(second, due, journey)).json).toMatchObject({ status: 'sent' });
    expect((await answers()).filter((text) => text === 'Lembrete')).toHaveLength(1);
  });

  it('writes from a template of the tenant, in the form of the channel', async () => {
    const item = await customerWrites('Oi, modelo');
    const rows = [
      { channel: 'all', language: 'pt-BR', text: 'Olá {name|tudo bem}, até {date}!' },
      { channel: 'instagram', language: 'pt-BR', text: 'Oi {name}! Até {date}' },
    ];
    const template = (operation: string, more: IDataObject) =>
      run({ resource: 'messageTemplate', operation, ...more }, item);
    const made = await template('create', { templateName: 'Lembrete', texts: { text: rows } });
    expect(made.json).toMatchObject({ name: 'Lembrete', variables: ['name', 'date'] });

    const chosen = { __rl: true, mode: 'id', value: 'Lembrete' };
    const shown = await template('get', {
      messageTemplate: chosen,
      preview: true,
      previewValues: '{ "date": "25/11" }',
    });
    expect(shown.json?.preview).toMatchObject({
      text: 'Olá tudo bem, até 25/11!',
      perChannel: { instagram: 'Oi {name}! Até 25/11' },
      missing: ['name'],
    });

    const send = (values: IDataObject) =>
      run(
        {
          compose: 'messageTemplate',
          messageTemplate: chosen,
          templateValues: { mappingMode: 'defineBelow', value: values },
        },
        item,
      );
    expect((await send({ date: '25/11' })).error).toContain('has no value for {name}');
    const { json, error } = await send({ name: 'Ana', date: '25/11' });
    expect([error, json?.status]).toEqual([undefined, 'sent']);
    expect(await answers()).toContain('Oi Ana! Até 25/11');

    const many = await template('getMany', { returnAll: true });
    expect(many.all.map((one) => one.name)).toEqual(['Lembrete']);
    const renamed = await template('update', { messageTemplate: chosen, templateName: 'Aviso' });
    expect(renamed.json).toMatchObject({ name: 'Aviso', category: null, texts: { length: 2 } });
    const value = { ...chosen, value: 'Aviso' };
    expect((await template('delete', { messageTemplate: value })).json?.deleted).toBe(true);
    expect((await send({ name: 'Ana', date: '1' })).error).toContain('does not exist here');
  });
});
