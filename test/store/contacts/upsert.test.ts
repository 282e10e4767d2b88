/** Making and changing contacts: by whom they are found, what is told of it, and two that do it at once. */
import { findContacts, getContact, upsertContact } from '../../../core/contacts';
import { InvalidInputError, NotFoundError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createPeople, PHONE } from './support/people';

describeOnBothDatabases('a contact', (context) => {
  it('is made, changed and left alone by the same words, each told once', async () => {
    const { world, upsert } = await createPeople(context);
    const made = await upsert({
      phone: PHONE,
      name: 'Ana Souza',
      email: 'Ana@Example.com',
      birthday: '12/05/1990',
      stage: 'lead',
      addTags: ['VIP', 'Botox'],
      customFields: { cpf: '123', since: 2024 },
      language: 'pt-br',
      timeZone: 'America/Sao_Paulo',
      source: 'form',
    });
    expect(made).toMatchObject({
      isNew: true,
      change: 'created',
      name: 'Ana Souza',
      phone: '+5511988887777',
      email: 'ana@example.com',
      birthday: '1990-05-12',
      stage: 'lead',
      tags: ['Botox', 'VIP'],
      customFields: { cpf: '123', since: 2024 },
      language: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
      source: 'form',
      consents: [],
      channels: [],
    });
    // The same, in other words: the number without its ninth digit, the tag in small letters.
    await expect(
      upsert({ phone: '11 8888-7777', name: 'Ana Souza', addTags: ['vip'] }),
    ).resolves.toMatchObject({ id: made.id, isNew: false, change: 'unchanged', changed: [] });
    await expect(
      upsert({
        email: 'ana@example.com',
        stage: 'client',
        removeTags: ['BOTOX'],
        customFields: { cpf: null, city: 'Campinas' },
      }),
    ).resolves.toMatchObject({
      id: made.id,
      change: 'updated',
      changed: ['stage', 'tags', 'customFields'],
      phone: '+5511988887777',
      tags: ['VIP'],
      customFields: { since: 2024, city: 'Campinas' },
    });
    const events = (await world.events()).filter(({ contact }) => contact !== null);
    expect(events.map(({ event }) => event)).toEqual([
      'contact.created',
      'contact.updated',
      'lead.qualified',
    ]);
    expect(events[0]).toMatchObject({
      contact: { id: made.id, isNew: true, stage: 'lead' },
      data: { tags: ['Botox', 'VIP'], email: 'ana@example.com' },
    });
    expect(events[2]?.data).toEqual({ fromStage: 'lead', toStage: 'client' });
  });

  it('is found by its id, by a number as people write it, and by its address', async () => {
    const { tenantId, ctx, upsert } = await createPeople(context);
    const { id } = await upsert({ phone: PHONE, email: 'ana@example.com' });
    const found = (contact: string) => getContact(ctx, { tenantId, contact });
    for (const text of [id, '(11) 98888-7777', '+55 11 8888-7777', 'ANA@example.com']) {
      await expect(found(text)).resolves.toMatchObject({ id });
    }
    await expect(found('bia@example.com')).rejects.toThrow(NotFoundError);
    await expect(found('')).rejects.toThrow(InvalidInputError);
  });

  it('is the one who writes from its number, and keeps what the list knew of it', async () => {
    const { world, upsert, writes, living } = await createPeople(context);
    const listed = await upsert({ phone: '(11) 98888-7777', name: 'Ana Souza', source: 'csv' });
    // WhatsApp's own id of the number lacks the ninth digit.
    await writes('551188887777', { name: 'aninha' });
    expect(await living()).toMatchObject([{ id: listed.id, name: 'Ana Souza', source: 'csv' }]);
    const received = (await world.events()).find(({ event }) => event === 'message.received');
    expect(received).toMatchObject({
      contact: { id: listed.id, externalId: '551188887777', isNew: false },
      conversation: { isNew: true },
    });
    await expect(upsert({ phone: '+5511988887777' })).resolves.toMatchObject({
      id: listed.id,
      change: 'unchanged',
      channels: [{ connectionId: world.account.id, externalId: '551188887777' }],
    });
  });

  it('begins as a lead when the person writes first, and not when we do', async () => {
    const { writes, upsert, world, living } = await createPeople(context);
    await writes('5511977776666');
    await world.receive(world.event('echo', { contact: { externalId: '5511955554444' } }));
    const stages = (await living()).map(({ stage }) => stage);
    expect(stages.toSorted()).toEqual(['lead', null]);
    await upsert({ phone: '+5511977776666', stage: 'client' });
    expect(await world.eventTypes()).toContain('lead.qualified');
  });

  it('is bound to the id that a channel has for it', async () => {
    const { world, upsert } = await createPeople(context);
    const made = await upsert({
      accountId: world.account.id,
      externalId: '5511955554444',
      name: 'Bia',
    });
    await expect(
      upsert({ accountId: world.account.id, externalId: '5511955554444', stage: 'client' }),
    ).resolves.toMatchObject({ id: made.id, changed: ['stage'] });
    await world.receive(world.event('message', { contact: { externalId: '5511955554444' } }));
    const [conversation] = await world.rows('conversations');
    expect(conversation?.contact_id).toBe(made.id);
  });

  it('lets another person have the number that was corrected', async () => {
    const { upsert } = await createPeople(context);
    const ana = await upsert({ phone: PHONE, name: 'Ana' });
    await upsert({ contactId: ana.id, phone: '+55 11 91111-1111' });
    const bia = await upsert({ phone: PHONE, name: 'Bia' });
    expect(bia).toMatchObject({ isNew: true, name: 'Bia' });
    await expect(upsert({ phone: '+55 11 91111-1111' })).resolves.toMatchObject({ id: ana.id });
  });

  it('is refused with the field, and spares the others of its batch', async () => {
    const { upsert, living } = await createPeople(context);
    const results = await Promise.allSettled([
      upsert({ phone: PHONE, name: 'Ana' }),
      upsert({ contactId: '01K0APP0000000000000000001', name: 'Nobody' }),
      upsert({ email: 'bia@example.com' }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await living()).toHaveLength(2);
  });

  it('is one, whatever number of calls bring it at the same moment from two processes', async () => {
    const { ctx, tenantId, living, world } = await createPeople(context);
    const other = world.beside(await context.openAnother());
    const call = (of: typeof ctx, index: number) =>
      upsertContact(of, {
        tenantId,
        phone: index % 2 === 0 ? '+5511988887777' : '+551188887777',
        email: `ana${index % 3}@example.com`,
        name: 'Ana',
        addTags: [`tag ${index}`],
      });
    const calls = Array.from({ length: 20 }, (_, index) => index);
    const made = await Promise.all(
      calls.flatMap((index) => [call(ctx, index), call(other, index)]),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await living()).toHaveLength(1);
    const { items } = await findContacts(ctx, { tenantId });
    expect(items[0]?.tags).toHaveLength(20);
    expect((await world.eventTypes()).filter((type) => type === 'contact.created')).toHaveLength(1);
  });

  it('is one when it is written and writes at the same moment', async () => {
    const { ctx, tenantId, living, writes, world } = await createPeople(context);
    const other = world.beside(await context.openAnother());
    const numbers = Array.from({ length: 8 }, (_, index) => `55119888877${10 + index}`);
    await Promise.all(
      numbers.flatMap((digits) => [
        writes(digits),
        upsertContact(other, { tenantId, phone: `+${digits}`, name: 'Ana' }),
        upsertContact(ctx, { tenantId, phone: `+${digits}`, stage: 'client' }),
      ]),
    );
    expect(await living()).toHaveLength(numbers.length);
  });
});
