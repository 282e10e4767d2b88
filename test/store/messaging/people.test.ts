import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, livingContacts, type World } from './support/world';

const NUMBER = '5511988887777';
const OTHER_FORM = '551188887777';
const USER_ID = 'BR.13491208655302741918';

const writes = (world: World, contact: { externalId: string; aliases?: string[] }, parts = {}) =>
  world.receive(world.event('message', { contact: { name: 'Ana', ...contact }, ...parts }));

async function contactsOf(world: World) {
  const [contacts, conversations, identities] = await Promise.all([
    livingContacts(world),
    world.rows('conversations'),
    world.rows('contact_identities'),
  ]);
  const ids = identities.map(({ external_id, contact_id }) => [external_id, contact_id] as const);
  return { contacts, conversations, identities: new Map(ids) };
}

describeOnBothDatabases('one person with several ids', (context) => {
  it('is one contact with one conversation, whichever id comes', async () => {
    const world = await createWorld(context);
    await writes(world, { externalId: NUMBER, aliases: [USER_ID] });
    await writes(world, { externalId: USER_ID });
    await writes(world, { externalId: USER_ID, aliases: [NUMBER] });
    const { contacts, conversations, identities } = await contactsOf(world);
    expect(contacts).toHaveLength(1);
    expect(conversations).toHaveLength(1);
    expect([...identities.keys()].sort()).toEqual([NUMBER, USER_ID].sort());
    expect(await world.rows('messages')).toHaveLength(3);
  });

  it('is one contact with and without the ninth digit (complaint 13)', async () => {
    const world = await createWorld(context);
    await writes(world, { externalId: OTHER_FORM, aliases: [NUMBER] });
    await writes(world, { externalId: NUMBER, aliases: [OTHER_FORM] });
    expect((await contactsOf(world)).contacts).toHaveLength(1);
  });

  it('is one contact also when both ids come in one call', async () => {
    const world = await createWorld(context);
    const { items } = await world.receive(
      world.event('message', { contact: { externalId: NUMBER, aliases: [USER_ID] } }),
      world.event('message', { contact: { externalId: USER_ID } }),
      world.event('message', { contact: { externalId: USER_ID, aliases: [NUMBER] } }),
    );
    expect(items.map(({ event }) => event)).toEqual([
      'contact.created',
      'conversation.created',
      'message.received',
      'message.received',
      'message.received',
    ]);
    expect(new Set(items.map(({ conversation }) => conversation?.id)).size).toBe(1);
  });

  it('who was met twice becomes one when the ids are seen together (complaint 4)', async () => {
    const world = await createWorld(context);
    await writes(world, { externalId: USER_ID }, { text: 'sem número' });
    const sent = await world.send({ recipientExternalId: NUMBER });
    // No window is open for the number, so nothing went out; but the contact is there.
    expect(sent.status).toBe('skipped');
    await world.receive(
      world.event('message', { contact: { externalId: NUMBER }, text: 'com número' }),
    );
    const before = await contactsOf(world);
    expect(before.contacts).toHaveLength(2);
    const answer = await world.send({ recipientExternalId: NUMBER, idempotencyKey: 'k2' });
    expect(answer.status).toBe('sent');

    const { items } = await writes(world, { externalId: NUMBER, aliases: [USER_ID] });
    const after = await contactsOf(world);
    expect(after.contacts).toHaveLength(1);
    expect(after.conversations).toHaveLength(1);
    const [survivor] = after.contacts;
    expect(survivor?.id).toBe(before.identities.get(USER_ID));
    expect(new Set(after.identities.values())).toEqual(new Set([survivor?.id]));
    const messages = await world.rows('messages');
    expect(messages).toHaveLength(4);
    expect(new Set(messages.map((row) => row.conversation_id)).size).toBe(1);
    expect(new Set(messages.map((row) => row.contact_id))).toEqual(new Set([survivor?.id]));
    expect(items.map(({ event }) => event)).toEqual(['contact.updated', 'message.received']);
    expect(items[0]).toMatchObject({
      data: { changed: ['merged'], mergedContactId: before.identities.get(NUMBER) },
    });
  });

  it('keeps what each of the two had: the later window, the name, what they agreed to', async () => {
    const world = await createWorld(context);
    const now = context.clock.now();
    await writes(world, { externalId: USER_ID }, { occurredAt: now - 3_600_000 });
    await world.receive(
      world.event('message', {
        contact: { externalId: NUMBER, phone: `+${NUMBER}` },
        occurredAt: now,
      }),
      world.event('preference', { contact: { externalId: NUMBER } }),
    );
    await writes(
      world,
      { externalId: NUMBER, aliases: [USER_ID] },
      { occurredAt: now - 7_200_000 },
    );
    const { contacts, conversations } = await contactsOf(world);
    expect(contacts).toMatchObject([{ name: 'Ana', phone: `+${NUMBER}` }]);
    expect(conversations[0]?.window_closes_at).toBe(now + 24 * 3_600_000);
    expect(await world.rows('contact_consents')).toMatchObject([
      { contact_id: contacts[0]?.id, purpose: 'marketing', state: 'out' },
    ]);
  });

  it('is still two where another account knows the second one', async () => {
    const world = await createWorld(context);
    const elsewhere = await createWorld(context, { tenant: world.tenant });
    await writes(world, { externalId: USER_ID });
    await writes(world, { externalId: NUMBER });
    await writes(elsewhere, { externalId: NUMBER });
    await writes(world, { externalId: NUMBER, aliases: [USER_ID] });
    const { contacts, conversations } = await contactsOf(world);
    expect(contacts).toHaveLength(2);
    expect(conversations).toHaveLength(2);
  });

  it('is learned in parallel without a contact too many or a call that fails', async () => {
    const world = await createWorld(context);
    await writes(world, { externalId: USER_ID });
    await writes(world, { externalId: NUMBER });
    const calls = Array.from({ length: 8 }, (_, index) =>
      writes(
        world,
        index % 2 === 0
          ? { externalId: NUMBER, aliases: [USER_ID] }
          : { externalId: USER_ID, aliases: [NUMBER] },
      ),
    );
    await Promise.all(calls);
    const { contacts, conversations } = await contactsOf(world);
    expect([contacts.length, conversations.length]).toEqual([1, 1]);
    expect(await world.rows('messages')).toHaveLength(10);
  });

  it('changes the number: the contact goes on, with the new one', async () => {
    const world = await createWorld(context);
    await writes(world, { externalId: NUMBER, aliases: [USER_ID] });
    const { items } = await world.receive(
      world.event('identity', {
        contact: { externalId: '5511966665555', phone: '+5511966665555', aliases: [NUMBER] },
      }),
    );
    expect(items).toMatchObject([
      { event: 'contact.updated', data: { changed: ['phone'], externalId: '5511966665555' } },
    ]);
    await writes(world, { externalId: '5511966665555' });
    const { contacts } = await contactsOf(world);
    expect(contacts).toMatchObject([{ phone: '+5511966665555' }]);
  });

  it('changes an id that nobody knew: nothing is made', async () => {
    const world = await createWorld(context);
    const { items, stored } = await world.receive(
      world.event('identity', { contact: { externalId: USER_ID }, what: 'userId' }),
    );
    expect([items, stored]).toEqual([[], 1]);
    expect((await contactsOf(world)).contacts).toEqual([]);
  });
});

describeOnBothDatabases('what a person wants', (context) => {
  const says = (world: World, wants: 'stop' | 'resume', occurredAt: number) =>
    world.receive(world.event('preference', { wants, occurredAt }));

  it('is kept and told, and the newest word counts', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const now = context.clock.now();
    const { items } = await says(world, 'stop', now);
    expect(items).toMatchObject([
      { event: 'contact.optedOut', data: { purpose: 'marketing', source: 'provider' } },
    ]);
    expect((await says(world, 'stop', now + 1)).items).toEqual([]);
    expect((await says(world, 'resume', now - 1_000)).items).toEqual([]);
    expect((await says(world, 'resume', now + 2)).items).toMatchObject([
      { event: 'contact.optedIn' },
    ]);
    expect(await world.rows('contact_consents')).toMatchObject([{ state: 'in' }]);
  });

  it('of a stranger is of no consequence', async () => {
    const world = await createWorld(context);
    expect((await says(world, 'stop', context.clock.now())).items).toEqual([]);
    expect(await world.rows('contact_consents')).toEqual([]);
  });
});
