import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { waitFor } from '../support/waitFor.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const [ana] = WHATSAPP_PEOPLE.map(({ id }) => id) as [string];
let whatsApp: WhatsAppNode;
let fromAna: INodeExecutionData;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.receive();
  await whatsApp.account();
  fromAna = await whatsApp.customerWrites(ana, { text: 'Oi' });
});
afterAll(async () => {
  // A status that is still on its way would open the store again.
  await whatsApp.instance.control('POST', '/deliveries/wait', { timeoutMs: 10_000 });
  await whatsApp.close();
});

const arm = (fault: IDataObject) =>
  whatsApp.instance.control('POST', '/faults', { route: 'send', ...fault });

/** The same key each time, as a workflow that n8n runs again. */
const sendOnce = (text: string) =>
  whatsApp.send({ text, options: { idempotencyKey: `once: ${text}` } }, { item: fromAna });

async function messageOf(messageId: unknown) {
  const { items } = await core.events.listEvents(await whatsApp.app(), 'default', {
    filter: { types: ['message.sent'] },
    limit: 100,
  });
  return items.find(({ message }) => message?.id === messageId)?.message;
}

describe('a send of WhatsApp Cloud that was cut (complaint 5)', () => {
  it.each(['cutAfter', 'failAfter'])(
    'after it was accepted (%s) is unknown, and settled by its status, never sent again',
    async (kind) => {
      await arm({ kind });
      const text = `Aceita: ${kind}`;
      const first = await sendOnce(text);
      expect(first.json).toMatchObject([{ status: 'unknown', reason: 'outcome_unknown' }]);
      expect(first.bodies).toHaveLength(1);
      const messageId = first.json[0]?.messageId;
      const message = await waitFor(() => messageOf(messageId), {
        what: 'the status that settles it',
      });
      expect(message).toMatchObject({ text, providerId: expect.stringMatching(/^wamid\./) });
      const again = await sendOnce(text);
      expect(again.bodies).toEqual([]);
      expect(again.json).toMatchObject([
        { status: 'sent', duplicate: true, messageId, providerMessageId: message?.providerId },
      ]);
    },
  );

  it('before it arrived is unknown as well, and not sent again blindly', async () => {
    await arm({ kind: 'cutBefore' });
    const first = await sendOnce('Perdida');
    expect(first.json).toMatchObject([{ status: 'unknown' }]);
    const again = await sendOnce('Perdida');
    expect(again.bodies).toEqual([]);
    expect(again.json).toMatchObject([{ status: 'unknown', reason: 'outcome_unknown' }]);
  });

  it('by a code that surely means no is failed, and may be sent again', async () => {
    await arm({ kind: 'failBefore', error: { code: 131016 } });
    const first = await sendOnce('Ocupado');
    expect(first.error).toMatch(/the service is not available at the moment \(code 131016\)/);
    expect(first.bodies).toHaveLength(1);
    expect((await sendOnce('Ocupado')).json).toMatchObject([{ status: 'sent' }]);
  });
});

describe('an account of WhatsApp that is locked', () => {
  it('says so once, and is back with the next message that goes', async () => {
    await arm({ kind: 'failBefore', error: { code: 131031 }, times: 2 });
    const results = [await sendOnce('Um'), await sendOnce('Dois')];
    for (const { error } of results) {
      expect(error).toMatch(/the account is locked \(code 131031\)/);
    }
    expect(await whatsApp.account()).toMatchObject({ status: 'error' });
    const { items } = await core.events.listEvents(await whatsApp.app(), 'default', {
      filter: { types: ['connection.error'] },
      limit: 10,
    });
    expect(items).toHaveLength(1);
    expect((await sendOnce('Três')).json).toMatchObject([{ status: 'sent' }]);
    expect(await whatsApp.account()).toMatchObject({ status: 'active', statusReason: null });
  });
});
