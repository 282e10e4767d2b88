import type { IDataObject, INodeType } from 'n8n-workflow';
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

async function send(parameters: IDataObject) {
  const nodeTypes: Record<string, INodeType> = { ...probeNodes, [NODE]: omnichannel };
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Omnichannel',
          type: NODE,
          parameters: { resource: 'message', operation: 'send', ...parameters } as never,
        },
      ],
      connections: [['Start', 'Omnichannel']],
    },
    { nodeTypes, items: [{ json: {} }] },
  );
  return { error: finished.error, json: finished.output('Omnichannel')[0]?.[0]?.json };
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

  it('says that no account has a template which nobody has', async () => {
    const fallbackTemplate = { __rl: true, mode: 'name', value: 'nenhum|pt_BR' };
    const { error } = await send({ ...TO_PHONE, ...TEMPLATE, fallbackTemplate });
    expect(error).toContain('No connected WhatsApp account has the template "nenhum"');
  });

  it('goes as marketing only to whoever agreed to it', async () => {
    const { json } = await send({ ...TO_PHONE, ...TEMPLATE, category: 'marketing' });
    expect(json).toMatchObject({ status: 'skipped', reason: 'no_opt_in' });
  });
});
