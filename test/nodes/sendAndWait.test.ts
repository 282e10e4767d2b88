import { WAIT_INDEFINITELY, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
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
const nodeTypes = {
  ...probeNodes,
  [`${PACKAGE}.omnichannel`]: new Omnichannel(),
  [`${PACKAGE}.omnichannelTool`]: new Omnichannel(),
  [`${PACKAGE}.omnichannelHitlTool`]: new Omnichannel(),
};
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
  await instance.control('POST', '/subscriptions', {
    callbackUrl: instance.server.url + PATH,
    verifyToken: instance.credential.verifyToken,
    object: 'page',
    subscribePages: true,
  });
});
afterAll(() => instance.close());

/** A customer of Messenger writes; what the trigger would emit for it. */
async function customerWrites(text: string) {
  const persona = await instance.control<{ id: string }>('POST', '/personas', {
    channel: 'messenger',
    firstName: 'Cliente',
  });
  await instance.control('POST', '/inject', { channel: 'messenger', persona: persona.id, text });
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
  return { persona, item: { json: item as unknown as IDataObject } };
}

/** What the clinic sent to somebody, each message as the sandbox keeps it. */
async function toldTo(personaId: string): Promise<string[]> {
  const query = `/messages?persona=${personaId}&direction=out`;
  const { data } = await instance.control<{ data: unknown[] }>('GET', query);
  return data.map((message) => JSON.stringify(message));
}

/** The words on the buttons of a message. */
const buttonsOf = (message = '') =>
  [...message.matchAll(/"title":"([^"]*)","payload":"omnichannel-wait/g)].map(([, title]) => title);

function ask(
  parameters: IDataObject,
  items: INodeExecutionData[],
  type: 'omnichannel' | 'omnichannelTool' | 'omnichannelHitlTool' = 'omnichannel',
) {
  const question = { operation: 'sendAndWait', message: 'Confirma?' };
  return runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
        {
          name: 'Ask',
          type: `${PACKAGE}.${type}`,
          parameters: { ...question, ...parameters } as never,
        },
      ],
      connections: [['Trigger', 'Ask']],
    },
    { nodeTypes, items },
  );
}

/** n8n itself refuses a field in which nothing stands; what an expression yields it does not know. */
const EMPTY = '={{ " " }}';

describe('Omnichannel: send and wait', () => {
  it('asks as the panel says, and lets the execution wait for ever', async () => {
    const { persona, item } = await customerWrites('Pergunta um');
    const { run, error } = await ask({}, [item]);
    expect(error).toBeUndefined();
    expect(run.waitTill).toEqual(WAIT_INDEFINITELY);
    const [told] = await toldTo(persona.id);
    expect(told).toContain('Confirma?');
    expect(buttonsOf(told)).toEqual(['Approve']);
  });

  it('asks once for one event, however often it runs', async () => {
    const { persona, item } = await customerWrites('Pergunta dois');
    const values = { approvalType: 'double', approveLabel: 'Sim', disapproveLabel: 'Não' };
    const parameters = { approvalOptions: { values } };
    await ask(parameters, [item]);
    const again = await ask(parameters, [item]);
    expect(again.run.waitTill).toEqual(WAIT_INDEFINITELY);
    const told = await toldTo(persona.id);
    expect(told.map((message) => buttonsOf(message))).toEqual([['Sim', 'Não']]);
  });

  it('waits no longer than it is told', async () => {
    const { item } = await customerWrites('Pergunta três');
    const values = { limitType: 'afterTimeInterval', resumeAmount: 2, resumeUnit: 'days' };
    const started = Date.now();
    const { run } = await ask({ options: { limitWaitTime: { values } } }, [item]);
    const days = ((run.waitTill?.getTime() ?? 0) - started) / (24 * 3_600_000);
    expect(days).toBeGreaterThanOrEqual(2);
    expect(days).toBeLessThan(2.01);
  });

  it('goes on at once where its time was over before', async () => {
    const { item } = await customerWrites('Pergunta quatro');
    const values = { limitType: 'atSpecifiedTime', maxDateAndTime: '2020-01-01T00:00:00.000Z' };
    await ask({ options: { limitWaitTime: { values } } }, [item]);
    const again = await ask({ options: { limitWaitTime: { values } } }, [item]);
    expect(again.run.waitTill).toBeUndefined();
    expect(again.output('Ask').flat()[0]?.json).toMatchObject({ id: item.json.id });
  });

  it('says which time is none', async () => {
    const { item } = await customerWrites('Pergunta cinco');
    const values = { limitType: 'atSpecifiedTime', maxDateAndTime: 'amanhã' };
    const { error } = await ask({ options: { limitWaitTime: { values } } }, [item]);
    expect(error).toBe('The time until which to wait is no time.');
  });

  it('takes one item, and says how several are asked', async () => {
    const { persona, item } = await customerWrites('Pergunta seis');
    const { error, run } = await ask({}, [item, item]);
    expect(error).toBe('One execution can wait for one answer at a time.');
    expect(run.data.resultData.error?.description).toContain('Loop Over Items');
    await expect(toldTo(persona.id)).resolves.toEqual([]);
  });

  it('stops with the reason where the question could not be sent', async () => {
    const { item } = await customerWrites('Pergunta sete');
    await instance.control('POST', '/faults', { kind: 'failBefore', error: { code: 100 } });
    const { error, run } = await ask({}, [item]);
    expect(error).toEqual(expect.any(String));
    expect(run.waitTill).toBeUndefined();
    const second = await ask({}, [item]);
    expect(second.run.waitTill).toEqual(WAIT_INDEFINITELY);
  });

  it.each([
    [{ conversation: EMPTY }, '"Conversation" is empty.'],
    [
      { sendTo: 'person', account: { __rl: true, mode: 'id', value: EMPTY } },
      '"Account" is empty.',
    ],
    [
      { sendTo: 'person', account: { __rl: true, mode: 'id', value: 'x' }, recipient: EMPTY },
      '"Recipient" is empty.',
    ],
    [{ message: EMPTY }, '"Message" is empty.'],
  ])('names the field that is missing (case %#)', async (parameters, sentence) => {
    const { item } = await customerWrites(`Falta: ${sentence}`);
    const recipient = 'recipient' in parameters ? {} : { recipient: '+5511999990000' };
    const { error } = await ask({ ...recipient, ...parameters }, [item]);
    expect(error).toBe(sentence);
  });

  it('is not offered to an agent as a tool', async () => {
    const { item } = await customerWrites('Pergunta oito');
    const { error } = await ask({}, [item], 'omnichannelTool');
    expect(error).toBe('An agent cannot wait with this tool.');
  });

  it('asks anew for another call of the tool that it reviews, and once for the same', async () => {
    const { persona, item } = await customerWrites('Pergunta nove');
    const calling = (toolParameters: IDataObject) => ({
      json: { ...item.json, tool: 'Offer', toolParameters },
    });
    await ask({}, [calling({ text: '10%' })], 'omnichannelHitlTool');
    await ask({}, [calling({ text: '10%' })], 'omnichannelHitlTool');
    await expect(toldTo(persona.id)).resolves.toHaveLength(1);
    await ask({}, [calling({ text: '50%' })], 'omnichannelHitlTool');
    await expect(toldTo(persona.id)).resolves.toHaveLength(2);
  });
});
