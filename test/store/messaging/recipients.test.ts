import { sendMessage } from '../../../core/messaging';
import { readRecipient } from '../../../core/providers/whatsapp-cloud';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, livingContacts, type World } from './support/world';

const WITH_NINE = '5511988887777';
const WITHOUT_NINE = '551188887777';
const WRITTEN = [
  '+55 11 98888-7777',
  '(11) 98888-7777',
  '011 98888 7777',
  '11988887777',
  '+55 (11) 8888-7777',
  WITH_NINE,
  WITHOUT_NINE,
];

async function phoneWorld(context: StoreContext, options = {}): Promise<World> {
  const world = await createWorld(context, options);
  world.provider.moreAbilities = { windowMs: null };
  world.provider.readRecipient = (text) => readRecipient(text, WITH_NINE);
  return world;
}

const sendTo = (world: World, recipientExternalId: string, idempotencyKey = recipientExternalId) =>
  world.send({ recipientExternalId, idempotencyKey });

async function peopleOf(world: World) {
  const [contacts, conversations, identities] = await Promise.all([
    livingContacts(world),
    world.rows('conversations'),
    world.rows('contact_identities'),
  ]);
  const ids = identities.map(({ external_id }) => external_id).sort();
  return { contacts, conversations, ids, owners: new Set(identities.map((row) => row.contact_id)) };
}

describeOnBothDatabases('a recipient as people write numbers', (context) => {
  it('is one contact however they are written (complaint 13)', async () => {
    const world = await phoneWorld(context);
    for (const text of WRITTEN) expect(await sendTo(world, text)).toMatchObject({ status: 'sent' });
    const { contacts, conversations, ids } = await peopleOf(world);
    expect(contacts).toMatchObject([{ phone: `+${WITH_NINE}` }]);
    expect(conversations).toHaveLength(1);
    expect(ids).toEqual([WITHOUT_NINE, WITH_NINE].sort());
    const called = new Set(world.provider.calls.map((call) => call.recipientExternalId));
    expect([...called].sort()).toEqual([WITHOUT_NINE, WITH_NINE].sort());
  });

  it('is whoever wrote before, and is called as the provider calls them', async () => {
    const world = await phoneWorld(context);
    const contact = { externalId: WITHOUT_NINE, aliases: [WITH_NINE], name: 'Ana' };
    const { items } = await world.receive(world.event('message', { contact }));
    const result = await sendTo(world, '+55 11 98888-7777');
    expect(result).toMatchObject({ status: 'sent', contactId: items[0]?.contact?.id });
    expect(world.provider.calls).toMatchObject([{ recipientExternalId: WITHOUT_NINE }]);
    expect((await peopleOf(world)).contacts).toHaveLength(1);
  });

  it('who was written to first is recognised when they answer by the other form', async () => {
    const world = await phoneWorld(context);
    const result = await sendTo(world, '(11) 98888-7777');
    const { items } = await world.receive(
      world.event('message', { contact: { externalId: WITHOUT_NINE } }),
    );
    expect(items).toMatchObject([
      { event: 'message.received', contact: { id: result.contactId, isNew: false } },
    ]);
  });

  it('is one contact too where all forms are written at the same moment', async () => {
    const world = await phoneWorld(context);
    const beside = world.beside(await context.openAnother());
    const results = await Promise.all(
      WRITTEN.flatMap((text) => [
        sendTo(world, text),
        sendMessage(beside, {
          tenantId: world.tenantId,
          accountId: world.account.id,
          recipientExternalId: text,
          content: { type: 'text', text: 'Oi' },
          idempotencyKey: `${text} beside`,
        }),
      ]),
    );
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'sent'));
    const { contacts, conversations, owners } = await peopleOf(world);
    expect([contacts.length, conversations.length, owners.size]).toEqual([1, 1, 1]);
    const created = (await world.eventTypes()).filter((type) => type === 'contact.created');
    expect(created).toHaveLength(1);
  });

  it('is refused in words where it is no number, and nobody is made', async () => {
    const world = await phoneWorld(context);
    await expect(sendTo(world, 'Ana Souza')).rejects.toMatchObject({
      field: 'Recipient',
      message: '"Ana Souza" is no phone number.',
    });
    await expect(sendTo(world, '8888-7777')).rejects.toMatchObject({ field: 'Recipient' });
    expect((await peopleOf(world)).contacts).toEqual([]);
  });

  it('must be the contact that is given beside it, in whichever form', async () => {
    const world = await phoneWorld(context);
    const { contactId } = await sendTo(world, WITH_NINE);
    const right = { contactId: contactId ?? '', recipientExternalId: '+55 11 98888-7777' };
    expect(await world.send({ ...right, idempotencyKey: 'right' })).toMatchObject({ contactId });
    const wrong = { ...right, recipientExternalId: '+55 11 97777-6666' };
    await expect(world.send({ ...wrong, idempotencyKey: 'wrong' })).rejects.toMatchObject({
      field: 'recipientExternalId',
    });
  });

  it('is another contact for another tenant', async () => {
    const [ours, theirs] = [await phoneWorld(context), await phoneWorld(context)];
    const [a, b] = [await sendTo(ours, WITH_NINE), await sendTo(theirs, '+55 11 98888-7777')];
    expect(a.contactId).not.toBe(b.contactId);
    expect((await peopleOf(ours)).contacts).toHaveLength(1);
    expect((await peopleOf(theirs)).contacts).toHaveLength(1);
  });

  it('that is somebody’s id, digit for digit, is them', async () => {
    const world = await phoneWorld(context);
    await world.receive(world.event('message', { contact: { externalId: '11988887777' } }));
    await sendTo(world, '11988887777');
    expect(world.provider.calls).toMatchObject([{ recipientExternalId: '11988887777' }]);
    expect((await peopleOf(world)).ids).toEqual(['11988887777']);
  });
});

describeOnBothDatabases('what the answer to a send tells of its recipient', (context) => {
  const USER_ID = 'BR.13491208655302741918';
  const answers = async (aliases: string[]) => {
    const world = await phoneWorld(context);
    world.provider.recipientAliases.set(WITH_NINE, aliases);
    return world;
  };

  it('leads to the same contact from then on', async () => {
    const world = await answers([WITHOUT_NINE, USER_ID]);
    const { contactId } = await sendTo(world, WITH_NINE);
    const { ids, owners } = await peopleOf(world);
    expect(ids).toEqual([WITHOUT_NINE, WITH_NINE, USER_ID].sort());
    expect([...owners]).toEqual([contactId]);
    const { items } = await world.receive(
      world.event('message', { contact: { externalId: USER_ID } }),
    );
    expect(items.map(({ event, contact }) => [event, contact?.id])).toEqual([
      ['message.received', contactId],
    ]);
  });

  it('is learned in a batch as well, and by each its own', async () => {
    const world = await phoneWorld(context);
    const numbers = Array.from({ length: 25 }, (_, index) => `5511977770${100 + index}`);
    const idOf = (number: string) => `BR.${number}`;
    for (const number of numbers) world.provider.recipientAliases.set(number, [idOf(number)]);
    for (const round of ['first', 'second']) {
      const results = await Promise.all(
        numbers.map((number) => sendTo(world, number, `${round} ${number}`)),
      );
      expect(results.map(({ status }) => status)).toEqual(numbers.map(() => 'sent'));
    }
    const identities = await world.rows('contact_identities');
    const ownerOf = new Map(identities.map((row) => [row.external_id, row.contact_id]));
    for (const number of numbers) expect(ownerOf.get(idOf(number))).toBe(ownerOf.get(number));
    expect(new Set(ownerOf.values()).size).toBe(25);
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'contact.updated')).toEqual([]);
    expect(types.filter((type) => type === 'message.sent')).toHaveLength(50);
  });

  it('makes one contact of two who were met apart, with all of their messages', async () => {
    const world = await answers([USER_ID]);
    const { items } = await world.receive(
      world.event('message', { contact: { externalId: USER_ID, name: 'Ana' }, text: 'sem número' }),
    );
    const before = items[0]?.contact?.id;
    const result = await sendTo(world, WITH_NINE);
    expect(result).toMatchObject({ status: 'sent', contactId: before });
    const { contacts, conversations } = await peopleOf(world);
    expect(contacts).toMatchObject([{ id: before, name: 'Ana', phone: `+${WITH_NINE}` }]);
    expect(conversations).toHaveLength(1);
    const messages = await world.rows('messages');
    expect(messages.map((row) => row.conversation_id)).toEqual(
      messages.map(() => conversations[0]?.id),
    );
    const types = await world.eventTypes();
    expect(types.slice(-2)).toEqual(['contact.updated', 'message.sent']);
    expect(await sendTo(world, WITH_NINE)).toMatchObject({ duplicate: true, contactId: before });
  });

  it('is learned while the same person writes by that id, once and without a contact too many', async () => {
    const world = await answers([USER_ID, WITHOUT_NINE]);
    const writes = (externalId: string) =>
      world.receive(world.event('message', { contact: { externalId } }));
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => [
        sendTo(world, WITH_NINE, `key ${index}`),
        writes(index % 2 === 0 ? USER_ID : WITHOUT_NINE),
      ]).flat(),
    );
    await sendTo(world, WITH_NINE, 'last');
    const { contacts, conversations, owners } = await peopleOf(world);
    expect([contacts.length, conversations.length, owners.size]).toEqual([1, 1, 1]);
    expect(await world.rows('messages')).toHaveLength(17);
  });

  it('is nothing to another tenant, nor to another account', async () => {
    const world = await answers([USER_ID]);
    const theirs = await phoneWorld(context);
    const beside = await phoneWorld(context, { tenant: world.tenant });
    for (const other of [theirs, beside]) {
      await other.receive(other.event('message', { contact: { externalId: USER_ID } }));
    }
    await sendTo(world, WITH_NINE);
    expect((await peopleOf(theirs)).ids).toEqual([USER_ID]);
    const identities = await world.rows('contact_identities');
    const elsewhere = identities.filter((row) => row.account_id === beside.account.id);
    const here = identities.filter((row) => row.account_id === world.account.id);
    expect(here.map((row) => row.external_id).sort()).toContain(USER_ID);
    expect(here.map((row) => row.contact_id)).not.toContain(elsewhere[0]?.contact_id);
  });
});
