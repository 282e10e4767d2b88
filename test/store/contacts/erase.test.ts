/** Erasing a person: nothing of theirs is left anywhere, what was sent to somebody stays, and a kill changes nothing. */
import { createHash } from 'node:crypto';
import {
  eraseContact,
  getContact,
  mergeContacts,
  optIn,
  runErasures,
} from '../../../core/contacts';
import { beginErasure } from '../../../core/contacts/erase.unit';
import { readContactRef } from '../../../core/contacts/ref';
import { upsertAppointment } from '../../../core/appointments';
import { emitEvent } from '../../../core/messaging';
import { EVENT_SCHEMAS } from '../../../core/events';
import { keepFile, openKeptFile, sendMessage, settleUnknownSends } from '../../../core/messaging';
import { NotFoundError, type MediaFile } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { insertRows, readTenant } from '../tenants/support/tenantUnits.cjs';
import { failingAt } from '../messaging/support/failingStore';
import { createPeople } from './support/people';

const DIGITS = '5511988887777';
/** What the person said, is called and is reached by: none of it may be anywhere. */
const TEXTS = ['Segredissima', 'botox na testa', DIGITS, '988887777', 'segredo@example.com'];

/** Somebody with something in every table that can hold a person. */
async function createPerson(context: StoreContext) {
  const people = await createPeople(context);
  const { world, tenantId, ctx, upsert, writes } = people;
  await writes(DIGITS, { name: 'Segredissima', text: 'botox na testa' });
  await world.receive(
    world.event('message', {
      text: 'botox na testa, de novo',
      contact: { externalId: DIGITS },
      attachments: [{ type: 'image', url: `https://files.example/${DIGITS}.jpg` } as never],
      raw: { from: DIGITS, profile: 'Segredissima' },
    }),
  );
  const contact = await upsert({
    phone: `+${DIGITS}`,
    email: 'segredo@example.com',
    addTags: ['Segredissima'],
    customFields: { note: 'botox na testa' },
    source: 'Segredissima',
  });
  await optIn(ctx, {
    tenantId,
    contact: contact.id,
    purpose: 'marketing',
    source: 'form',
    text: 'Segredissima agrees',
  });
  const sent = await world.send({
    recipientExternalId: DIGITS,
    content: { type: 'text', text: 'Sobre o botox na testa' },
  });
  world.provider.behaviours.push('cut');
  const unknown = await world.send({
    recipientExternalId: DIGITS,
    idempotencyKey: 'key-2',
    content: { type: 'text', text: 'Ainda o botox na testa' },
  });
  await upsertAppointment(ctx, {
    tenantId,
    externalId: 'row-1',
    title: 'botox na testa',
    start: '2027-01-01T10:00',
    timeZone: 'UTC',
    phone: `+${DIGITS}`,
    name: 'Segredissima',
    fields: { note: 'botox na testa' },
  });
  await emitEvent(ctx, {
    tenantId,
    event: 'feedback.received',
    contactId: contact.id,
    data: { rating: 4, comment: 'botox na testa', appointmentId: 'row-1' },
    idempotencyKey: 'rating',
  });
  const event = (await world.rows('events')).find(({ type }) => type === 'message.received');
  if (!event) throw new Error('Nothing was received.');
  await world.tenant.run(insertRows, {
    webhook_messages: [{ event_id: event.id, body: event.payload, created_at: 1 }],
    webhook_deliveries: ['pending', 'delivered'].map((state) => ({
      id: `${state} of ${tenantId}`,
      subscription_id: `${state} of ${tenantId}`,
      event_id: event.id,
      event_type: 'message.received',
      state,
      trigger_kind: 'auto',
      next_at: 1,
      created_at: 1,
    })),
  });
  return { ...people, contact, sent, unknown };
}

async function textsLeft(world: Awaited<ReturnType<typeof createPerson>>['world']) {
  const everything = Object.entries(await world.tenant.run(readTenant, null));
  return everything.flatMap(([table, rows]) =>
    TEXTS.filter((text) => rows.some((row) => row.includes(text))).map((text) => [table, text]),
  );
}

const bytes = (text: string): MediaFile => {
  const all = Buffer.from(text);
  const sha256 = createHash('sha256').update(all).digest('hex');
  const facts = { size: all.length, mimeType: 'application/pdf', fileName: 'laudo.pdf' };
  return { ...facts, sha256, read: async () => all };
};

const HOUR_MS = 3_600_000;

/** A person with a file of their own, and a price list that somebody else has got, too. */
async function createWithFiles(context: StoreContext) {
  const people = await createPeople(context);
  const { world, tenantId, ctx, upsert } = people;
  const ana = await upsert({ phone: '+5511988887777' });
  const bia = await upsert({ phone: '+5511955554444' });
  const keep = (text: string, owner: string) =>
    keepFile(ctx, tenantId, bytes(text), { owner, forMs: HOUR_MS });
  const tokens = {
    own: await keep('Laudo da Ana', ana.id),
    shared: await keep('Tabela', ana.id),
    ofBia: await keep('Tabela', bia.id),
  };
  const isOpen = async (token: string) => (await openKeptFile(ctx, tenantId, token)) !== null;
  const openOnes = async () => [
    await isOpen(tokens.own),
    await isOpen(tokens.shared),
    await isOpen(tokens.ofBia),
  ];
  const parts = async () =>
    (await world.rows('kept_file_parts')).map(({ data }) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
  return { ...people, ana, bia, openOnes, parts };
}

describeOnBothDatabases('files of somebody who is erased', (context) => {
  it('are gone at once, but those that somebody else has got are only closed to them', async () => {
    const { tenantId, ctx, ana, openOnes, parts, world } = await createWithFiles(context);
    expect(await openOnes()).toEqual([true, true, true]);
    await eraseContact(ctx, { tenantId, contact: ana.id });
    expect(await openOnes()).toEqual([false, false, true]);
    expect(await parts()).toEqual(['Tabela']);
    expect(await world.rows('kept_files')).toHaveLength(1);
  });

  it('open nothing from the first moment on, and go when a killed erasure goes on', async () => {
    const { ana, openOnes, parts, world } = await createWithFiles(context);
    await world.tenant.run(beginErasure, { ref: readContactRef(ana.id), actor: 'workflow' });
    expect(await openOnes()).toEqual([false, false, true]);
    expect(await parts()).toContain('Laudo da Ana');
    await runErasures(world.beside(await context.openAnother()));
    expect(await parts()).toEqual(['Tabela']);
  });

  it('go with the contact that the person was merged into', async () => {
    const { tenantId, ctx, ana, bia, openOnes, parts } = await createWithFiles(context);
    await mergeContacts(ctx, { tenantId, contact: bia.id, mergeWith: ana.id });
    expect(await openOnes()).toEqual([true, true, true]);
    await eraseContact(ctx, { tenantId, contact: bia.id });
    expect(await openOnes()).toEqual([false, false, false]);
    expect(await parts()).toEqual([]);
  });

  it('stay for somebody who gets the same file at that moment', async () => {
    const { tenantId, ctx, ana, world } = await createWithFiles(context);
    const other = world.beside(await context.openAnother());
    const file = bytes('Laudo da Ana');
    const [token] = await Promise.all([
      keepFile(other, tenantId, file, { owner: 'somebody', forMs: HOUR_MS }),
      eraseContact(ctx, { tenantId, contact: ana.id }),
    ]);
    const kept = await openKeptFile(ctx, tenantId, token);
    const part = await kept?.read().next();
    expect(part?.value?.toString('utf8')).toBe('Laudo da Ana');
  });
});

describeOnBothDatabases('erasing a contact', (context) => {
  it('leaves nothing of the person in any table, and the proof of what was sent', async () => {
    const { world, tenantId, ctx, contact, sent } = await createPerson(context);
    expect(sent).toMatchObject({ status: 'sent' });
    expect((await textsLeft(world)).length).toBeGreaterThan(10);
    const erased = await eraseContact(ctx, { tenantId, contact: `+${DIGITS}` }, 'workflow:w:Erase');
    expect(erased).toMatchObject({ contactId: contact.id, status: 'erased' });
    expect(await textsLeft(world)).toEqual([]);

    const messages = await world.rows('messages');
    const proof = messages.find(({ id }) => id === sent.messageId);
    expect(proof).toMatchObject({ direction: 'outbound', status: 'sent', text: null });
    expect(proof?.occurred_at).toBeGreaterThan(0);
    expect(proof?.contact_id).not.toBe(contact.id);
    expect(new Set(messages.map((row) => row.contact_id)).size).toBe(1);
    expect(await world.rows('contact_erasures')).toEqual([]);
    const audit = await world.rows('audit_log');
    expect(audit.filter(({ action }) => action === 'contact.erased')).toMatchObject([
      { actor: 'workflow:w:Erase', subject_id: contact.id },
    ]);
    // Nothing leads from who it was to whom it was sent.
    const everything = JSON.stringify(await world.tenant.run(readTenant, null));
    const linked = everything.split(contact.id).length - 1;
    const told = (await world.events()).filter(({ event }) => event === 'contact.erased');
    expect(told).toMatchObject([{ contact: null, data: { contactId: contact.id } }]);
    expect(linked).toBe(audit.filter(({ subject_id: id }) => id === contact.id).length + 1);
    expect(EVENT_SCHEMAS['contact.erased']).toBeDefined();
    await expect(getContact(ctx, { tenantId, contact: contact.id })).rejects.toThrow(NotFoundError);
    const states = (await world.rows('webhook_deliveries')).map(({ state }) => state);
    expect(states.sort()).toEqual(['cancelled', 'delivered']);
    // Somebody was content, whoever that was.
    expect(await world.rows('ratings')).toMatchObject([
      { rating: 4, comment: null, appointment_id: null, conversation_id: null },
    ]);
  });

  it('sends nothing more to the person: what waited is gone', async () => {
    const { world, tenantId, ctx, contact } = await createPerson(context);
    const before = world.provider.calls.length;
    await eraseContact(ctx, { tenantId, contact: contact.id });
    const keys = await world.rows('idempotency_keys');
    expect(keys.map(({ state, request }) => [state, request])).toEqual(
      keys.map(() => ['completed', '']),
    );
    await expect(
      world.send({ recipientExternalId: undefined, contactId: contact.id, idempotencyKey: 'k' }),
    ).rejects.toThrow(NotFoundError);
    expect(world.provider.calls).toHaveLength(before);
  });

  it('makes somebody new of whoever writes from the number again', async () => {
    const { world, tenantId, ctx, contact, writes, living } = await createPerson(context);
    await eraseContact(ctx, { tenantId, contact: contact.id });
    await writes(DIGITS, { text: 'Oi, sou eu' });
    const [again] = await living();
    expect(again).toMatchObject({ name: null, phone: `+${DIGITS}` });
    expect(again?.id).not.toBe(contact.id);
    const conversations = await world.rows('conversations');
    expect(conversations).toHaveLength(2);
    expect(conversations.filter(({ status }) => status === 'open')).toMatchObject([
      { contact_id: again?.id },
    ]);
  });

  it('spares everybody else', async () => {
    const { world, tenantId, ctx, contact, writes, upsert } = await createPerson(context);
    await writes('5511955554444', { name: 'Bia', text: 'Bom dia' });
    const bia = await upsert({ phone: '+5511955554444', addTags: ['VIP'] });
    await eraseContact(ctx, { tenantId, contact: contact.id });
    await expect(getContact(ctx, { tenantId, contact: bia.id })).resolves.toEqual(
      expect.objectContaining({ name: 'Bia', tags: ['VIP'] }),
    );
    const texts = (await world.rows('messages')).map(({ text }) => text);
    expect(texts.filter((text) => text !== null)).toEqual(['Bom dia']);
    const events = (await world.events()).filter((item) => item.contact?.id === bia.id);
    expect(events.map(({ message }) => message?.text)).toContain('Bom dia');
  });

  it('goes on by itself where the process was killed behind the first step', async () => {
    const { world, tenantId, ctx, contact } = await createPerson(context);
    await world.tenant.run(beginErasure, { ref: readContactRef(contact.id), actor: 'workflow' });
    // Nobody finds the person any more, but their words are still there.
    await expect(getContact(ctx, { tenantId, contact: contact.id })).rejects.toThrow(NotFoundError);
    expect((await textsLeft(world)).length).toBeGreaterThan(0);
    const other = world.beside(await context.openAnother());
    await runErasures(other);
    expect(await textsLeft(world)).toEqual([]);
    expect(await world.rows('contact_erasures')).toEqual([]);
  });

  it('waits for a message that is under way, and takes its words, too', async () => {
    const { world, tenantId, ctx, contact } = await createPerson(context);
    const isUnderWay = world.provider.calls.length + 1;
    let release = () => {};
    const held = new Promise<'accept'>((resolve) => {
      release = () => resolve('accept');
    });
    world.provider.behaviours.push(() => held);
    const sending = world.send({
      recipientExternalId: DIGITS,
      idempotencyKey: 'key-3',
      content: { type: 'text', text: 'botox na testa, agora' },
    });
    await waitFor(() => world.provider.calls.length === isUnderWay, { what: 'the call' });
    await expect(eraseContact(ctx, { tenantId, contact: contact.id })).resolves.toMatchObject({
      status: 'erasing',
    });
    release();
    await sending;
    context.clock.advance(60_000);
    await runErasures(ctx);
    expect(await world.rows('contact_erasures')).toEqual([]);
    expect(await textsLeft(world)).toEqual([]);
  });

  it('lets nothing go to somebody who is erased while the file of a message is being read', async () => {
    const { world, tenantId, ctx, contact, living } = await createPerson(context);
    const before = world.provider.calls.length;
    const file: MediaFile = {
      ...bytes('botox na testa'),
      read: async () => {
        await eraseContact(ctx, { tenantId, contact: contact.id });
        return Buffer.from('botox na testa');
      },
    };
    const late = await world.send({
      recipientExternalId: DIGITS,
      idempotencyKey: 'key-3',
      content: { type: 'file', media: { file } },
    });
    expect(late).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
      detail: 'The contact was erased meanwhile. Nothing was sent.',
      messageId: null,
    });
    expect(world.provider.calls).toHaveLength(before);
    const keys = await world.rows('idempotency_keys');
    expect(keys.map(({ key }) => key)).not.toContain('key-3');
    expect(await living()).toEqual([]);
    expect(await textsLeft(world)).toEqual([]);
  });

  it.each([
    ['cut', false],
    ['accept', true],
  ] as const)(
    'leaves nothing to be settled for ever of a message that was under way (%s, writes again: %s)',
    async (answer, writesAgain) => {
      const { world, tenantId, ctx, contact, writes, living } = await createPerson(context);
      const isUnderWay = world.provider.calls.length + 1;
      let release = () => {};
      const held = new Promise<'accept' | 'cut'>((resolve) => {
        release = () => resolve(answer);
      });
      world.provider.behaviours.push(() => held);
      const sending = sendMessage(
        { ...ctx, store: failingAt(context.store, 'completeSends') },
        {
          tenantId,
          accountId: world.account.id,
          recipientExternalId: DIGITS,
          idempotencyKey: 'key-3',
          content: { type: 'text', text: 'botox na testa, agora' },
        },
      );
      await waitFor(() => world.provider.calls.length === isUnderWay, { what: 'the call' });
      await eraseContact(ctx, { tenantId, contact: contact.id });
      if (writesAgain) await writes(DIGITS, { text: 'Oi, sou eu' });
      release();
      expect(await sending).toMatchObject({ status: 'unknown' });
      await world.age('key-3', 10 * 60_000);
      await settleUnknownSends(ctx);
      const keys = await world.rows('idempotency_keys');
      expect(keys.find(({ key }) => key === 'key-3')).toMatchObject({
        state: 'completed',
        request: '',
        contact_id: null,
        next_check_at: null,
      });
      const people = (await living()).map(({ id }) => id);
      expect(people).toHaveLength(writesAgain ? 1 : 0);
      const told = (await world.rows('messages')).filter((row) => people.includes(row.contact_id));
      expect(told.map(({ text }) => text)).toEqual(writesAgain ? ['Oi, sou eu'] : []);
    },
  );

  it('is done once by two processes that are asked at the same moment, while the person writes', async () => {
    const { world, tenantId, ctx, contact, writes, living } = await createPerson(context);
    const other = world.beside(await context.openAnother());
    const results = await Promise.allSettled([
      eraseContact(ctx, { tenantId, contact: contact.id }),
      eraseContact(other, { tenantId, contact: contact.id }),
      writes(DIGITS, { text: 'durante' }),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(results[2]?.status).toBe('fulfilled');
    context.clock.advance(60_000);
    await runErasures(ctx);
    const erasures = (await world.events()).filter(({ event }) => event === 'contact.erased');
    expect(erasures).toHaveLength(1);
    // The words that came during it are either the new person's, or gone.
    const people = (await living()).map(({ id }) => id);
    const kept = (await world.rows('messages')).filter(({ text }) => text !== null);
    expect(kept.filter((row) => !people.includes(row.contact_id))).toEqual([]);
  });
});
