/** One person met twice becomes one contact: by hand, by number, by address, and by two at once. */
import { getContact, mergeContacts, optIn, optOut, upsertContact } from '../../../core/contacts';
import { InvalidInputError, NotFoundError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld } from '../messaging/support/world';
import { createPeople, PHONE } from './support/people';

describeOnBothDatabases('merging contacts', (context) => {
  it('takes everything of the one along, and lets the old id answer', async () => {
    const { world, tenantId, ctx, upsert, writes, living } = await createPeople(context);
    const instagram = await createWorld(context, { channel: 'instagram', tenant: world.tenant });
    await writes('5511988887777', { text: 'Messenger' });
    await instagram.receive(
      instagram.event('message', { text: 'Instagram', contact: { externalId: 'ig-1' } }),
    );
    const rows = await living();
    const phone = rows.find((row) => row.phone !== null);
    const other = rows.find((row) => row.phone === null);
    if (!phone || !other) throw new Error('Two contacts were expected.');
    await upsert({ contactId: phone.id, name: 'Ana', addTags: ['VIP'], customFields: { a: 1 } });
    await upsert({
      contactId: other.id,
      name: 'ana.souza',
      email: 'ana@example.com',
      birthday: '12/05/1990',
      addTags: ['vip', 'New'],
      customFields: { a: 2, b: 3 },
    });
    const about = { tenantId, purpose: 'marketing' as const, source: 'form' };
    await optOut(ctx, { ...about, contact: other.id, text: 'no offers' });

    const merged = await mergeContacts(ctx, {
      tenantId,
      contact: phone.id,
      mergeWith: 'ana@example.com',
    });
    expect(merged).toMatchObject({
      id: phone.id,
      mergedContactId: other.id,
      name: 'Ana',
      email: 'ana@example.com',
      birthday: '1990-05-12',
      customFields: { a: 1, b: 3 },
      consents: [{ purpose: 'marketing', state: 'out', text: 'no offers' }],
    });
    expect(merged.tags).toEqual(['New', 'VIP']);
    expect(merged.channels.map(({ channel }) => channel).sort()).toEqual([
      'instagram',
      'messenger',
    ]);
    expect(await living()).toHaveLength(1);
    for (const table of ['messages', 'conversations', 'contact_identities'] as const) {
      const owners = (await world.rows(table)).map((row) => row.contact_id);
      expect(owners).toEqual(owners.map(() => phone.id));
    }
    // The old id answers: to be read, to be written to, and by a chain of merges.
    await expect(getContact(ctx, { tenantId, contact: other.id })).resolves.toMatchObject({
      id: phone.id,
    });
    const third = await upsert({ email: 'third@example.com' });
    await mergeContacts(ctx, { tenantId, contact: third.id, mergeWith: phone.id });
    await expect(getContact(ctx, { tenantId, contact: other.id })).resolves.toMatchObject({
      id: third.id,
    });
    await expect(
      instagram.send({ recipientExternalId: undefined, contactId: other.id }),
    ).resolves.toMatchObject({ status: 'sent', contactId: third.id });
    const audit = (await world.rows('audit_log')).filter(
      ({ action }) => action === 'contact.merged',
    );
    expect(audit.map(({ subject_id: id }) => id).sort()).toEqual([phone.id, third.id].sort());
    await expect(
      mergeContacts(ctx, { tenantId, contact: third.id, mergeWith: other.id }),
    ).resolves.toMatchObject({ mergedContactId: null });
  });

  it('happens by itself where a form says that two are one, and nothing contradicts it', async () => {
    const { upsert, living, world } = await createPeople(context);
    const byPhone = await upsert({ phone: PHONE, name: 'Ana' });
    const byEmail = await upsert({ email: 'ana@example.com', stage: 'client' });
    const both = await upsert({ phone: PHONE, email: 'ana@example.com', name: 'Ana Souza' });
    expect(both).toMatchObject({
      id: byPhone.id,
      name: 'Ana Souza',
      stage: 'client',
      mergedContactIds: [byEmail.id],
      possibleDuplicates: [],
    });
    expect(await living()).toHaveLength(1);
    expect(await world.rows('audit_log')).toMatchObject([
      { action: 'contact.merged', actor: 'workflow:test', subject_id: byPhone.id },
    ]);
  });

  it('is left to a person where a mother and her child share a number', async () => {
    const { upsert, living } = await createPeople(context);
    const mother = await upsert({ phone: PHONE, name: 'Ana Souza' });
    const child = await upsert({ email: 'bia@example.com', name: 'Bia Souza' });
    const told = await upsert({ contactId: child.id, phone: PHONE });
    expect(told).toMatchObject({
      id: child.id,
      mergedContactIds: [],
      possibleDuplicates: [mother.id],
    });
    expect(await living()).toHaveLength(2);
    // Who writes from the number is who had it first.
    await expect(upsert({ phone: PHONE })).resolves.toMatchObject({ id: mother.id });
  });

  it('happens by itself when WhatsApp tells the number of somebody known by another id', async () => {
    const { world, upsert, living } = await createPeople(context);
    const listed = await upsert({ phone: PHONE, name: 'Ana' });
    const userId = 'BR.13491208655302741918';
    await world.receive(world.event('message', { contact: { externalId: userId } }));
    expect(await living()).toHaveLength(2);
    const { items } = await world.receive(
      world.event('message', { contact: { externalId: userId, phone: '+5511988887777' } }),
    );
    expect((await living()).map(({ id }) => id)).toEqual([listed.id]);
    expect(items.map(({ event }) => event)).toEqual(['contact.updated', 'message.received']);
    expect(items[1]).toMatchObject({ contact: { id: listed.id, name: 'Ana' } });
  });

  it('refuses one contact with itself, and one that is not there', async () => {
    const { ctx, tenantId, upsert } = await createPeople(context);
    const { id } = await upsert({ phone: PHONE });
    const merge = (mergeWith: string) => mergeContacts(ctx, { tenantId, contact: id, mergeWith });
    await expect(merge(id)).rejects.toThrow(InvalidInputError);
    await expect(merge('bia@example.com')).rejects.toThrow(NotFoundError);
  });

  it('comes to one contact when two processes merge both ways while the person writes', async () => {
    const { ctx, tenantId, upsert, writes, world, living } = await createPeople(context);
    const other = world.beside(await context.openAnother());
    for (const digits of ['5511900000001', '5511900000002', '5511900000003']) {
      await writes(digits);
      const a = await upsert({ phone: `+${digits}` });
      const b = await upsert({ email: `a${digits}@example.com` });
      const results = await Promise.allSettled([
        mergeContacts(ctx, { tenantId, contact: a.id, mergeWith: b.id }),
        mergeContacts(other, { tenantId, contact: b.id, mergeWith: a.id }),
        writes(digits, { text: 'meanwhile' }),
        upsertContact(other, { tenantId, phone: `+${digits}`, addTags: ['x'] }),
        optIn(ctx, { tenantId, contact: a.id, purpose: 'marketing', source: 'form' }),
      ]);
      expect(results.map(({ status }) => status)).toEqual(results.map(() => 'fulfilled'));
    }
    expect(await living()).toHaveLength(3);
    const conversations = await world.rows('conversations');
    expect(conversations).toHaveLength(3);
    const ids = (await living()).map(({ id }) => id);
    expect(conversations.filter(({ contact_id: id }) => !ids.includes(id))).toEqual([]);
    const messages = await world.rows('messages');
    expect(messages).toHaveLength(6);
    expect(messages.filter(({ contact_id: id }) => !ids.includes(id))).toEqual([]);
  });
});
