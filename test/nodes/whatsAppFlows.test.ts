import type { IDataObject } from 'n8n-workflow';
import { WhatsAppCloud } from '../../nodes/WhatsAppCloud/WhatsAppCloud.node';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { hookContext } from './support/contexts.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const ana = WHATSAPP_PEOPLE[0]?.id ?? '';
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.account();
  await whatsApp.receive();
  await whatsApp.customerWrites(ana, { text: 'Oi' });
});
afterAll(() => whatsApp.close());

const { searchFlows } = new WhatsAppCloud().methods.listSearch;

async function namesOf(filter?: string, credential: IDataObject = {}): Promise<string[]> {
  const values: IDataObject = await whatsApp.chosen();
  const context = {
    ...hookContext({
      node: whatsApp.node,
      credentials: { whatsAppCloudApi: { ...whatsApp.instance.whatsApp, ...credential } },
    }),
    getCurrentNodeParameter: (name: string) => values[name],
  } as never;
  return (await searchFlows.call(context, filter)).results.map(({ name }) => name);
}

async function sentFlow(flow: IDataObject): Promise<IDataObject> {
  const calls = whatsApp.callsSince();
  await whatsApp.run('message', 'send', {
    ...(await whatsApp.chosen()),
    recipient: ana,
    contentType: 'flow',
    text: 'Preencha a ficha',
    flow,
    flowReference: 'ficha-1',
    buttonLabel: 'Começar',
    options: { sendAgain: 'everyRun' },
  });
  const body = calls().find(({ path }) => path.endsWith('/messages'))?.params as IDataObject;
  const { action } = body.interactive as { action: { parameters: IDataObject } };
  return action.parameters;
}

describe('choosing a flow', () => {
  it('offers what can be sent, by name, and says which are drafts', async () => {
    expect(await namesOf()).toEqual([
      'agendar_consulta',
      'ficha_anamnese · draft',
      'pesquisa_satisfacao',
    ]);
  });

  it('searches names and ids', async () => {
    expect(await namesOf('AGENDAR')).toEqual(['agendar_consulta']);
    expect(await namesOf('2346')).toEqual(['pesquisa_satisfacao']);
  });

  it('says what is wrong with the credential', async () => {
    await expect(namesOf('', { accessToken: '' })).rejects.toThrow(/no access token/);
  });
});

describe('sending a flow', () => {
  it('sends the one chosen from the list by its id', async () => {
    const flow = { __rl: true, mode: 'list', value: '1123456789012345' };
    expect(await sentFlow(flow)).toMatchObject({ flow_id: '1123456789012345' });
  });

  it('sends one by its name', async () => {
    const flow = { __rl: true, mode: 'name', value: 'agendar_consulta' };
    const parameters = await sentFlow(flow);
    expect(parameters).toMatchObject({ flow_name: 'agendar_consulta' });
    expect(parameters).not.toHaveProperty('flow_id');
  });
});
