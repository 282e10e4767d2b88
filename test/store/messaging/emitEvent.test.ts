import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { EVENT_SCHEMAS } from '../../../core/events';
import { emitEvent, type EmitEventInput } from '../../../core/messaging';
import { REPORTED_EVENT_TYPES, type ReportedEventType } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld, type World } from './support/world';

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true }));

describeOnBothDatabases('reporting an event', (context) => {
  const emit = (world: World, input: Partial<EmitEventInput>) =>
    emitEvent(world.ctx, {
      tenantId: world.tenantId,
      event: 'deal.moved',
      data: { dealId: '4711', toStage: 'won' },
      idempotencyKey: 'key-1',
      ...input,
    });

  it('appends it to the log with the fields that may be empty filled in', async () => {
    const world = await createWorld(context);
    const { item, eventId, duplicate } = await emit(world, {});
    expect(duplicate).toBe(false);
    expect(item).toMatchObject({
      id: eventId,
      event: 'deal.moved',
      tenantId: world.tenantId,
      timestamp: new Date(context.clock.now()).toISOString(),
      data: { dealId: '4711', fromStage: null, toStage: 'won' },
      connection: null,
      contact: null,
    });
    expect((await world.events()).at(-1)).toEqual(item);
  });

  it('takes every event that can be reported, each as its JSON Schema wants it', async () => {
    const world = await createWorld(context);
    const { conversation, contact } = await world.customerWrites();
    const about = { conversationId: conversation?.id ?? '', contactId: contact?.id ?? '' };
    const needed: Partial<Record<ReportedEventType, Record<string, unknown>>> = {
      'deal.created': { dealId: '1' },
      'deal.updated': { dealId: '1', stage: 'new' },
      'deal.moved': { dealId: '1', toStage: 'won' },
      'lead.qualified': { toStage: 'client' },
      'broadcast.completed': { broadcastId: 'b1' },
      'conversation.updated': { changed: ['assignee'] },
      'message.received': { text: 'Oi' },
      'message.sent': { text: 'Olá' },
      'feedback.received': { rating: 5 },
    };
    for (const event of REPORTED_EVENT_TYPES) {
      const { item } = await emit(world, {
        event,
        data: needed[event] ?? {},
        ...about,
        idempotencyKey: event,
      });
      const validate = ajv.compile(EVENT_SCHEMAS[event]);
      validate(item);
      expect([event, validate.errors ?? []]).toEqual([event, []]);
    }
  });

  it('stores no message, contact or conversation for it', async () => {
    const world = await createWorld(context);
    const { conversation } = await world.customerWrites();
    await emit(world, {
      event: 'message.received',
      data: { text: 'reported' },
      conversationId: conversation?.id ?? '',
    });
    expect(await world.rows('messages')).toHaveLength(1);
    expect((await world.events()).at(-1)?.message?.text).toBe('reported');
  });

  it('records it once under a key, also when two callers come at the same moment', async () => {
    const world = await createWorld(context);
    const results = await Promise.all([1, 2, 3, 4].map(() => emit(world, {})));
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(1);
    expect(results.map(({ item }) => item?.id)).toEqual(results.map(({ eventId }) => eventId));
    expect(await world.eventTypes()).toEqual(['connection.connected', 'deal.moved']);
  });

  it('keeps the keys of two tenants and of sends apart', async () => {
    const world = await createWorld(context);
    const other = await createWorld(context);
    await emit(world, {});
    expect((await emit(other, {})).duplicate).toBe(false);
    await world.customerWrites();
    expect((await world.send({ idempotencyKey: 'key-1' })).duplicate).toBeUndefined();
  });

  it.each<[string, Partial<EmitEventInput>, RegExp]>([
    ['a deal without its id', { data: { toStage: 'won' } }, /deal.moved.data.dealId is missing/],
    [
      'a stage that is no text',
      { data: { dealId: '1', toStage: 5 } },
      /data.toStage is not a text/,
    ],
    [
      'a contact event without a contact',
      { event: 'contact.updated', data: {} },
      /"Contact ID" is missing/,
    ],
    [
      'a message without its conversation',
      { event: 'message.received', data: { text: 'Oi' } },
      /"Conversation ID" is missing/,
    ],
    ['an event of the house', { event: 'event.parked' as never }, /cannot be reported/],
    ['no key', { idempotencyKey: '' }, /key is empty/],
    ['a time that is none', { occurredAt: Number.NaN }, /not an instant/],
  ])('refuses %s and records nothing', async (_what, input, message) => {
    const world = await createWorld(context);
    await expect(emit(world, input)).rejects.toThrow(message);
    expect(await world.eventTypes()).toEqual(['connection.connected']);
    // The key is free again: what was missing can be added.
    expect((await emit(world, {})).duplicate).toBe(false);
  });

  it("refuses another tenant's conversation", async () => {
    const world = await createWorld(context);
    const other = await createWorld(context);
    const { conversation } = await other.customerWrites();
    const input = { event: 'conversation.closed', conversationId: conversation?.id ?? '' } as const;
    await expect(emit(world, { ...input, data: {} })).rejects.toThrow(/does not exist here/);
  });
});
