import { WAIT_INDEFINITELY, type IDataObject, type INodeType } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { probeNodes } from './support/probeNodes.ts';
import { WhatsAppNode } from './support/whatsApp.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const NODE = `${PACKAGE}.omnichannel`;
const omnichannel = new Omnichannel();
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.account();
  await whatsApp.receive();
  const allDay = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
  await core.tenants.saveSettings(await whatsApp.app(), 'default', {
    quietHours: { utility: allDay, marketing: allDay },
  });
});
afterAll(() => whatsApp.close());

async function send(parameters: IDataObject, operation = 'send') {
  const nodeTypes: Record<string, INodeType> = { ...probeNodes, [NODE]: omnichannel };
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Omnichannel',
          type: NODE,
          parameters: { resource: 'message', operation, ...parameters } as never,
        },
      ],
      connections: [['Start', 'Omnichannel']],
    },
    { nodeTypes, items: [{ json: {} }] },
  );
  const { error, run, output } = finished;
  return { error, waitTill: run.waitTill, json: output('Omnichannel')[0]?.[0]?.json };
}

const TO_PHONE = { sendTo: 'phone', phone: WHATSAPP_PEOPLE[0]?.id ?? '', text: 'Livre' };
const TEMPLATE = {
  whenWindowClosed: 'template',
  fallbackTemplate: { __rl: true, mode: 'name', value: 'convite_avaliacao|pt_BR' },
  fallbackVariables: {
    mappingMode: 'defineBelow',
    value: { 'body:1': 'Larissa', 'body:2': 'a avaliação' },
  },
};

describe('Omnichannel: message: send, with an open window', () => {
  it('goes as it is, also while no account has the template for a closed one', async () => {
    const phone = WHATSAPP_PEOPLE[1]?.id ?? '';
    await whatsApp.customerWrites(phone, { text: 'Oi' });
    const fallbackTemplate = { __rl: true, mode: 'name', value: 'nenhum|pt_BR' };
    const { json, error } = await send({
      sendTo: 'phone',
      phone,
      text: 'Aberta',
      ...TEMPLATE,
      fallbackTemplate,
    });
    expect(error).toBeUndefined();
    expect(json).toMatchObject({ status: 'sent', channel: 'whatsapp' });
  });
});

describe('Omnichannel: message: send, with no window open', () => {
  it('is skipped with the reason for each channel', async () => {
    const { json } = await send(TO_PHONE);
    expect(json).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
      notBy: expect.arrayContaining([
        expect.objectContaining({ channel: 'whatsapp', reason: 'window_closed' }),
      ]),
    });
  });

  it('goes as the approved template that was chosen', async () => {
    const { json, error } = await send({ ...TO_PHONE, ...TEMPLATE });
    expect(error).toBeUndefined();
    expect(json).toMatchObject({
      status: 'sent',
      channel: 'whatsapp',
      fallback: { reason: 'window_closed', template: 'convite_avaliacao' },
    });
  });

  it('is skipped, and says that no account has a template which nobody has', async () => {
    const fallbackTemplate = { __rl: true, mode: 'name', value: 'nenhum|pt_BR' };
    const { json } = await send({ ...TO_PHONE, ...TEMPLATE, fallbackTemplate });
    expect(json).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(json?.detail).toContain('No connected WhatsApp account has the template "nenhum"');
  });

  it('goes as marketing only to whoever agreed to it', async () => {
    const { json } = await send({ ...TO_PHONE, ...TEMPLATE, category: 'marketing' });
    expect(json).toMatchObject({ status: 'skipped', reason: 'no_opt_in' });
  });
});

describe('Omnichannel: message: sendAndWait, with no window open', () => {
  // Somebody who has written to nobody.
  let asked: { id: string };
  beforeAll(async () => {
    const wish = { channel: 'whatsapp', firstName: 'Cliente' };
    asked = await whatsApp.instance.control('POST', '/personas', wish);
  });
  const ask = async (more: IDataObject) => {
    const { id } = await whatsApp.account();
    const values = { approvalType: 'double', approveLabel: 'Sim', disapproveLabel: 'Não' };
    const question = { message: 'Confirma?', approvalOptions: { values } };
    const account = { __rl: true, mode: 'id', value: id };
    const person = { sendTo: 'person', account, recipient: `+${asked.id}` };
    return await send({ ...person, ...question, ...more }, 'sendAndWait');
  };
  const told = async () => {
    const query = `/messages?persona=${asked.id}&direction=out`;
    const { data } = await whatsApp.instance.control<{ data: unknown[] }>('GET', query);
    return JSON.stringify(data);
  };

  it('asks nothing, and names the templates that could ask', async () => {
    const { error, waitTill } = await ask({});
    expect(error).toMatch(/window/);
    expect(error).toContain('lembrete_consulta (pt_BR)');
    expect(waitTill).toBeUndefined();
  });

  it('says which variable of the template is missing, and waits for nothing', async () => {
    const fallbackTemplate = { __rl: true, mode: 'name', value: 'lembrete_consulta|pt_BR' };
    const { error, waitTill } = await ask({ whenWindowClosed: 'template', fallbackTemplate });
    expect(error).toContain('The template "lembrete_consulta" also needs: Body 1');
    expect(waitTill).toBeUndefined();
  });

  it('asks by the template that was chosen, whose quick replies answer', async () => {
    const value = { 'body:1': 'Ana', 'body:2': '27/11', 'body:3': '15:00' };
    const { error, waitTill } = await ask({
      whenWindowClosed: 'template',
      fallbackTemplate: { __rl: true, mode: 'name', value: 'lembrete_consulta|pt_BR' },
      fallbackVariables: { mappingMode: 'defineBelow', value },
    });
    expect(error).toBeUndefined();
    expect(waitTill).toEqual(WAIT_INDEFINITELY);
    const payloads = [...(await told()).matchAll(/omnichannel-wait:\w+:([01])/g)];
    expect(new Set(payloads.map(([, approved]) => approved))).toEqual(new Set(['1', '0']));
  });
});
