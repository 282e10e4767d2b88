/** What somebody thought of a visit: kept once for each contact and visit, told once per change. */
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { upsertAppointment } from '../../../core/appointments';
import { eraseContact, mergeContacts } from '../../../core/contacts';
import { EVENT_SCHEMAS } from '../../../core/events';
import { emitEvent } from '../../../core/messaging';
import { InvalidInputError, NotFoundError } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createPeople, PHONE } from '../contacts/support/people';

const validate = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true })).compile(
  EVENT_SCHEMAS['feedback.received'],
);

async function createRater(context: StoreContext) {
  const people = await createPeople(context);
  const { world, ctx, tenantId, writes } = people;
  await writes('5511988887777', { name: 'Ana' });
  const [contact] = await people.living();
  const [conversation] = await world.rows('conversations');
  if (!contact || !conversation) throw new Error('Nobody wrote.');
  let taps = 0;
  const rate = (data: Record<string, unknown>, more: { contactId?: string; at?: number } = {}) =>
    emitEvent(ctx, {
      tenantId,
      event: 'feedback.received',
      contactId: more.contactId ?? contact.id,
      ...(more.contactId === undefined && { conversationId: conversation.id }),
      ...(more.at !== undefined && { occurredAt: more.at }),
      data,
      idempotencyKey: `tap-${(taps += 1)}`,
    });
  const told = async () =>
    (await world.events()).filter(({ event }) => event === 'feedback.received');
  const kept = async () =>
    (await world.rows('ratings')).map(({ rating, comment }) => [rating, comment]);
  return { ...people, contact, conversation, rate, told, kept };
}

describeOnBothDatabases('a rating', (context) => {
  it('is kept with its place and told in the same transaction', async () => {
    const { world, rate, told, contact, conversation } = await createRater(context);
    const journeyKey = 'appointmentFinished-24h:a1:2026-11-25T15:00Z';
    const { item, duplicate } = await rate({ rating: '4', appointmentId: 'a1', journeyKey, q: 1 });
    expect(duplicate).toBe(false);
    expect(item).toMatchObject({
      event: 'feedback.received',
      contact: { id: contact.id, name: 'Ana' },
      conversation: { id: conversation.id },
      data: { rating: 4, comment: null, appointmentId: 'a1', journeyKey, q: 1 },
    });
    validate(item);
    expect(validate.errors ?? []).toEqual([]);
    expect(await told()).toEqual([item]);
    expect(await world.rows('ratings')).toMatchObject([
      {
        contact_id: contact.id,
        subject: 'appointment:a1',
        rating: 4,
        best: 5,
        journey: 'appointmentFinished-24h',
        account_id: world.account.id,
        channel: 'messenger',
        event_id: item?.id,
      },
    ]);
  });

  it('given again by another tap takes the place of the first, and tells what it was', async () => {
    const { rate, told, kept } = await createRater(context);
    await rate({ rating: 2, appointmentId: 'a1' });
    const second = await rate({ rating: 5, appointmentId: 'a1', comment: 'Foi engano' });
    expect(second).toMatchObject({
      duplicate: false,
      item: { data: { rating: 5, previous: { rating: 2, comment: null } } },
    });
    validate(second.item);
    expect(validate.errors ?? []).toEqual([]);
    expect(await kept()).toEqual([[5, 'Foi engano']]);
    expect(await told()).toHaveLength(2);
  });

  it('given again by the same tap is a duplicate of the first, and is not told', async () => {
    const { rate, told, kept } = await createRater(context);
    const first = await rate({ rating: 3, comment: 'ok', appointmentId: 'a1' });
    const again = await rate({ rating: 3, appointmentId: 'a1' });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await kept()).toEqual([[3, 'ok']]);
    expect(await told()).toHaveLength(1);
  });

  it('of a visit of somebody else is refused, and of their own is kept', async () => {
    const { ctx, tenantId, rate, told, contact, writes, living } = await createRater(context);
    await writes('5511977776666', { name: 'Bruno' });
    const other = (await living()).find(({ id }) => id !== contact.id);
    const visitOf = async (contactId: string) => {
      const visit = { tenantId, externalId: contactId, start: '2026-11-25T14:00', contactId };
      return (await upsertAppointment(ctx, visit)).appointmentId;
    };
    const theirs = await visitOf(other?.id ?? '');
    await expect(rate({ rating: 1, appointmentId: theirs })).rejects.toThrow(
      /is somebody else's\. Nothing was kept/,
    );
    expect(await told()).toEqual([]);
    await rate({ rating: 5, appointmentId: await visitOf(contact.id) });
    expect(await told()).toHaveLength(1);
  });

  it('is kept once when two taps come at the same moment, and the later word counts', async () => {
    const { rate, told, kept } = await createRater(context);
    const at = Date.now();
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((rating) => rate({ rating, appointmentId: 'a1' }, { at: at + rating })),
    );
    expect(await kept()).toEqual([[5, null]]);
    const news = results.filter(({ duplicate }) => !duplicate).length;
    expect(await told()).toHaveLength(news);
  });

  it('that comes late changes nothing of a newer one', async () => {
    const { rate, kept } = await createRater(context);
    const at = Date.now();
    await rate({ rating: 5, appointmentId: 'a1' }, { at });
    await expect(rate({ rating: 1, appointmentId: 'a1' }, { at: at - 1 })).resolves.toMatchObject({
      duplicate: true,
      item: { data: { rating: 5 } },
    });
    expect(await kept()).toEqual([[5, null]]);
  });

  it('of another visit, of another due moment, and of nothing in particular is one of its own', async () => {
    const { rate, kept } = await createRater(context);
    await rate({ rating: 1, appointmentId: 'a1' });
    await rate({ rating: 2, appointmentId: 'a2' });
    await rate({ rating: 3, journeyKey: 'birthday:c1:2026' });
    await rate({ rating: 3, journeyKey: 'birthday:c1:2026' });
    await rate({ rating: 4 });
    await rate({ rating: 4 });
    expect((await kept()).map(([rating]) => rating).sort()).toEqual([1, 2, 3, 4, 4]);
  });

  it.each([
    ['none', {}],
    ['an empty text', { rating: ' ' }],
    ['zero', { rating: 0 }],
    ['six', { rating: '6' }],
    ['a half', { rating: 4.5 }],
    ['a word', { rating: 'good' }],
    ['a comment that is no text', { rating: 5, comment: { a: 1 } }],
  ])('that is %s is refused by name and nothing is kept', async (_what, data) => {
    const { rate, told, kept } = await createRater(context);
    await expect(rate(data)).rejects.toThrow(InvalidInputError);
    expect([await kept(), await told()]).toEqual([[], []]);
  });

  it("of another tenant's contact is refused, and so is one of nobody", async () => {
    const { rate, kept } = await createRater(context);
    const other = await createRater(context);
    await expect(rate({ rating: 5 }, { contactId: other.contact.id })).rejects.toThrow(
      NotFoundError,
    );
    await expect(rate({ rating: 5 }, { contactId: '' })).rejects.toThrow(/"Contact ID" is missing/);
    expect([await kept(), await other.kept()]).toEqual([[], []]);
  });

  it('of somebody who was erased is refused', async () => {
    const { rate, ctx, tenantId, contact } = await createRater(context);
    await eraseContact(ctx, { tenantId, contact: contact.id });
    await expect(rate({ rating: 5 }, { contactId: contact.id })).rejects.toThrow(NotFoundError);
  });

  it('follows a merge: of two of the same visit the newer stays', async () => {
    const { rate, ctx, tenantId, contact, upsert, world } = await createRater(context);
    const other = await upsert({ email: 'ana@example.com' });
    await rate({ rating: 1, appointmentId: 'a1' });
    context.clock.advance(1_000);
    await rate({ rating: 5, appointmentId: 'a1' }, { contactId: other.id });
    await rate({ rating: 3, appointmentId: 'a2' }, { contactId: other.id });
    await mergeContacts(ctx, { tenantId, contact: PHONE, mergeWith: other.id });
    const rows = await world.rows('ratings');
    expect(rows.map((row) => [row.contact_id, row.subject, row.rating]).sort()).toEqual([
      [contact.id, 'appointment:a1', 5],
      [contact.id, 'appointment:a2', 3],
    ]);
    // The old id answers, and knows that it was rated.
    await expect(
      rate({ rating: 5, appointmentId: 'a1' }, { contactId: other.id }),
    ).resolves.toMatchObject({ duplicate: true });
  });

  it("of Messenger's own form is kept on the scale of the form, each by itself", async () => {
    const { world, contact } = await createRater(context);
    await world.receive(
      world.event('feedback', { rating: 9, best: 10, contact: { externalId: '5511988887777' } }),
      world.event('feedback', {
        rating: 4.5,
        comment: 'Bom',
        contact: { externalId: '5511988887777' },
      }),
    );
    const rows = await world.rows('ratings');
    expect(rows.map((row) => [row.contact_id, row.rating, row.best, row.comment]).sort()).toEqual([
      [contact.id, 4.5, 5, 'Bom'],
      [contact.id, 9, 10, null],
    ]);
    const events = (await world.events()).filter(({ event }) => event === 'feedback.received');
    expect(rows.map((row) => row.event_id).sort()).toEqual(events.map(({ id }) => id).sort());
  });
});
