/**
 * What users of other systems for the same job complain about most, as far as it concerns what WhatsApp sends: through
 * the real door, over HTTP, signed.
 */
import type { EventItem } from '../../core/model';
import { WhatsAppCloudTrigger } from '../../nodes/WhatsAppCloud/WhatsAppCloudTrigger.node';
import { startInstance, type Instance } from './support/instance.ts';
import { openPayloadDoor, type PayloadDoor } from './support/payloadDoor.ts';

const node = new WhatsAppCloudTrigger();
const NUMBER = '410000000000001';
const USER_ID = 'BR.13491208655302741918';
let instance: Instance;
let door: PayloadDoor;
let ids = 0;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());
beforeEach(async () => {
  door = await openPayloadDoor(
    instance,
    {
      provider: 'whatsapp_cloud',
      node,
      credentials: { whatsAppCloudApi: instance.whatsApp },
      appSecret: instance.whatsApp.appSecret,
      emptyBody: '{"object":"whatsapp_business_account","entry":[]}',
    },
    [{ channel: 'whatsapp', externalId: NUMBER, parentExternalId: '300400500600700' }],
  );
});

/** Meta tells something of the number. */
async function tell(value: object, field = 'messages'): Promise<void> {
  const metadata = { display_phone_number: '5511900000001', phone_number_id: NUMBER };
  const change = { field, value: { messaging_product: 'whatsapp', metadata, ...value } };
  const entry = [{ id: '300400500600700', changes: [change] }];
  const answer = await door.post(JSON.stringify({ object: 'whatsapp_business_account', entry }));
  expect(answer.status).toBe(200);
}

const text = (body: string) => ({
  id: `wamid.complaint.${(ids += 1)}`,
  timestamp: String(Math.floor(Date.now() / 1_000)),
  type: 'text',
  text: { body },
});
const told = async (event: EventItem['event']) =>
  (await door.told()).filter((item) => item.event === event);
const contactsOf = (items: EventItem[]) => [...new Set(items.map(({ contact }) => contact?.id))];

describe('a person with a username and no number (complaint 2)', () => {
  it.each([
    ['whose number fields are absent', {}, {}],
    ['whose number fields are empty', { from: '' }, { wa_id: '' }],
  ])('%s is heard, and known by the user id', async (_name, message, contact) => {
    await tell({
      contacts: [
        { profile: { name: 'Ana', username: '@ana.teste' }, user_id: USER_ID, ...contact },
      ],
      messages: [{ ...message, from_user_id: USER_ID, ...text('oi') }],
    });
    const [received] = await told('message.received');
    expect(received).toMatchObject({
      message: { text: 'oi' },
      contact: { externalId: USER_ID, name: 'Ana', phone: null },
    });
  });

  it('whose user id stands in the place of the number is the same person', async () => {
    await tell({ messages: [{ from_user_id: USER_ID, ...text('oi') }] });
    await tell({ messages: [{ from: USER_ID, ...text('de novo') }] });
    const received = await told('message.received');
    expect(received).toHaveLength(2);
    expect(contactsOf(received)).toHaveLength(1);
    expect(received.map(({ contact }) => contact?.phone)).toEqual([null, null]);
  });

  it('is one contact with the number that comes later', async () => {
    await tell({ messages: [{ from_user_id: USER_ID, ...text('oi') }] });
    await tell({
      contacts: [{ wa_id: '5511988887777', user_id: USER_ID }],
      messages: [{ from: '5511988887777', from_user_id: USER_ID, ...text('agora com número') }],
    });
    const received = await told('message.received');
    expect(contactsOf(received)).toHaveLength(1);
    expect(received.at(-1)?.contact?.phone).toBe('+5511988887777');
  });

  it.each([
    ['absent', {}],
    ['empty', { recipient_id: '' }],
  ])('has statuses found by the user id alone, the number being %s', async (_name, recipient) => {
    const echo = { ...text('respondido pelo app'), to_user_id: USER_ID };
    await tell({ message_echoes: [echo] }, 'smb_message_echoes');
    const status = { id: echo.id, status: 'read', timestamp: echo.timestamp };
    await tell({ statuses: [{ ...status, ...recipient, recipient_user_id: USER_ID }] });
    const [read] = await told('message.read');
    expect(read).toMatchObject({
      contact: { externalId: USER_ID },
      message: { providerId: echo.id, status: 'read' },
    });
  });
});

describe('the same message under two ids of its sender (complaint 4)', () => {
  it('is one event of one contact', async () => {
    const message = text('uma vez');
    await tell({ messages: [{ from: '5511988887777', ...message }] });
    await tell({
      contacts: [{ wa_id: '5511988887777', user_id: USER_ID }],
      messages: [{ from_user_id: USER_ID, ...message }],
    });
    expect(await told('message.received')).toHaveLength(1);
    await tell({ messages: [{ from_user_id: USER_ID, ...text('outra') }] });
    expect(contactsOf(await told('message.received'))).toHaveLength(1);
  });
});

describe("Brazil's ninth digit (complaint 13)", () => {
  it('with and without it a person is one contact, and no message is dropped', async () => {
    await tell({ messages: [{ from: '5511988887777', ...text('com o nono dígito') }] });
    await tell({ messages: [{ from: '551188887777', ...text('sem o nono dígito') }] });
    await tell({ messages: [{ from: '5511988887777', ...text('e de novo com') }] });
    const received = await told('message.received');
    expect(received.map(({ message }) => message?.text)).toEqual([
      'com o nono dígito',
      'sem o nono dígito',
      'e de novo com',
    ]);
    expect(contactsOf(received)).toHaveLength(1);
    expect(await told('contact.created')).toHaveLength(1);
  });
});
