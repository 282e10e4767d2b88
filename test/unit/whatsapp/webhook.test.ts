import type { InboundEvent } from '../../../core/model';
import { parseWhatsAppWebhook } from '../../../core/providers/whatsapp-cloud';
import { randomFrom } from '../../support/random.ts';
import { BUSINESS_ID, NUMBER_ID, PERSON, USER_ID } from './support/accounts';
import {
  AT,
  CONTACT,
  body,
  businessChange,
  messageFrom,
  numberChange,
  statusOf,
} from './support/payloads';

const eventsOf = (value: unknown): InboundEvent[] => parseWhatsAppWebhook(value, 5).events;
const eventOf = (value: unknown): InboundEvent => {
  const events = eventsOf(value);
  expect(events).toHaveLength(1);
  return events[0] as InboundEvent;
};
const text = { type: 'text', text: { body: 'oi' } };

describe('who wrote', () => {
  const without = (fields: object, contact: object = CONTACT) =>
    eventOf(messageFrom({ ...text, ...fields }, contact));

  it('is named by the number, and the user id is an alias', () => {
    expect(without({})).toMatchObject({
      contact: { externalId: PERSON, aliases: [USER_ID, '551188887777'], phone: `+${PERSON}` },
    });
  });

  it.each([[undefined], ['']])('is named by the user id where the number is %p', (nothing) => {
    const event = without(
      { from: nothing },
      { profile: { name: 'Ana' }, user_id: USER_ID, wa_id: nothing },
    );
    expect(event).toMatchObject({ kind: 'message', contact: { externalId: USER_ID } });
    expect(event).not.toHaveProperty('contact.phone');
    expect(event).not.toHaveProperty('contact.aliases');
  });

  it('is named by the number alone where there is no user id', () => {
    const event = without({ from_user_id: '' }, { profile: { name: 'Ana' }, wa_id: PERSON });
    expect(event).toMatchObject({ contact: { externalId: PERSON, aliases: ['551188887777'] } });
  });

  it('may be a user id in the place of the number', () => {
    const event = without(
      { from: USER_ID, from_user_id: undefined },
      { profile: { name: 'Ana' }, wa_id: USER_ID },
    );
    expect(event).toMatchObject({ contact: { externalId: USER_ID } });
    expect(event).not.toHaveProperty('contact.phone');
  });

  it('is taken from the only contact where the message names nobody', () => {
    expect(without({ from: undefined, from_user_id: undefined })).toMatchObject({
      contact: { externalId: PERSON },
    });
  });

  it('is not mixed up with others of the same call', () => {
    const other = { profile: { name: 'Bia' }, wa_id: '5511977770000' };
    const events = eventsOf(
      body(
        numberChange({
          contacts: [other, CONTACT],
          messages: [
            { from: PERSON, id: '1', timestamp: String(AT), ...text },
            { from: '5511977770000', id: '2', timestamp: String(AT), ...text },
            { id: '3', timestamp: String(AT), ...text },
          ],
        }),
      ),
    );
    expect(events).toMatchObject([
      { contact: { name: 'Ana Teste' } },
      { contact: { name: 'Bia' } },
      { kind: 'unrecognised', what: 'message of nobody' },
    ]);
  });

  it('of a status is told by either id, and may be missing', () => {
    expect(eventOf(statusOf({ status: 'read' }))).toMatchObject({
      contact: { externalId: PERSON },
    });
    const byUserId = statusOf({ status: 'read', recipient_id: '', recipient_user_id: USER_ID });
    expect(eventOf(byUserId)).toMatchObject({ contact: { externalId: USER_ID } });
    const nobody = statusOf({ status: 'read', recipient_id: undefined });
    expect(eventOf(nobody)).toMatchObject({ contact: null, providerId: 'wamid.out' });
  });
});

describe('what was written', () => {
  it('can be edited: the new words of a text or a caption', () => {
    const edit = (message: object) =>
      messageFrom({ type: 'edit', edit: { original_message_id: 'wamid.0', message } });
    expect(eventOf(edit(text))).toMatchObject({
      kind: 'edit',
      targetProviderId: 'wamid.0',
      text: 'oi',
    });
    const image = { type: 'image', image: { id: '1', caption: 'melhor' } };
    expect(eventOf(edit(image))).toMatchObject({ text: 'melhor' });
  });

  it('can be taken back', () => {
    const revoke = messageFrom({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } });
    expect(eventOf(revoke)).toMatchObject({ kind: 'delete', targetProviderId: 'wamid.0' });
  });

  it('loses a reaction by an empty emoji as by an absent one', () => {
    const reaction = (emoji?: string) =>
      messageFrom({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji } });
    expect(eventOf(reaction(''))).toMatchObject({ action: 'unreact' });
    expect(eventOf(reaction())).toMatchObject({ action: 'unreact' });
    expect(eventOf(reaction('❤️'))).toMatchObject({ action: 'react', emoji: '❤️' });
  });

  it('about a product of the catalogue carries the product', () => {
    const context = { from: '1', id: 'wamid.0', referred_product: { product_retailer_id: 'SKU' } };
    expect(eventOf(messageFrom({ ...text, context }))).toMatchObject({
      referral: { type: 'product', id: 'SKU' },
    });
  });

  it('is kept as unrecognised when nobody knows its type, beside what is known', () => {
    const events = eventsOf(
      body(
        numberChange({
          contacts: [CONTACT],
          messages: [
            { from: PERSON, id: '1', timestamp: String(AT), type: 'hologram', hologram: {} },
            { from: PERSON, id: '2', timestamp: String(AT), ...text },
          ],
        }),
      ),
    );
    expect(events).toMatchObject([
      { kind: 'unrecognised', what: 'message hologram', raw: { type: 'hologram' } },
      { kind: 'message', text: 'oi' },
    ]);
  });
});

describe('a call', () => {
  it('may hold several entries, changes and kinds', () => {
    const call = {
      object: 'whatsapp_business_account',
      entry: [
        ...messageFrom(text).entry,
        ...statusOf({ status: 'delivered' }).entry,
        ...businessChange('account_review_update', { decision: 'APPROVED' }).entry,
      ],
    };
    expect(eventsOf(call).map(({ kind }) => kind)).toEqual(['message', 'status', 'quality']);
  });

  it('is read in the order of the times', () => {
    const call = body(
      numberChange({
        contacts: [CONTACT],
        messages: [
          { from: PERSON, id: 'late', timestamp: String(AT + 2), ...text },
          { from: PERSON, id: 'early', timestamp: String(AT), ...text },
        ],
      }),
    );
    expect(eventsOf(call)).toMatchObject([{ providerId: 'early' }, { providerId: 'late' }]);
  });

  it('of another object is none of ours', () => {
    expect(parseWhatsAppWebhook({ object: 'page', entry: [] })).toEqual({
      events: [],
      foreign: true,
    });
    expect(parseWhatsAppWebhook(null).foreign).toBe(true);
  });

  it('of the dashboard’s "Test" button is read', () => {
    const sample = numberChange({ contacts: [CONTACT], messages: [] });
    expect(eventsOf(sample)).toMatchObject([{ accountExternalId: NUMBER_ID }]);
    const template = {
      field: 'message_template_status_update',
      value: { event: 'APPROVED', message_template_name: 'x', message_template_language: 'en' },
    };
    expect(eventsOf(template)).toMatchObject([{ accountExternalId: '0', kind: 'templateStatus' }]);
  });

  it('repeated has the same keys, and two different things never the same', () => {
    const calls = [
      messageFrom(text),
      messageFrom({ ...text, id: 'wamid.2' }),
      statusOf({ status: 'sent' }),
      statusOf({ status: 'delivered' }),
      statusOf({ status: 'read' }),
      statusOf({ status: 'played' }),
      messageFrom({ type: 'reaction', id: 'w3', reaction: { message_id: 'x', emoji: 'a' } }),
      businessChange('security', { event: 'PIN_CHANGED' }),
      businessChange('security', { event: 'PIN_RESET' }),
    ];
    const keys = calls.map((call) => eventOf(call).dedupeKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(calls.map((call) => eventOf(structuredClone(call)).dedupeKey)).toEqual(keys);
  });

  it('about the business account says which numbers are meant', () => {
    expect(eventOf(businessChange('account_update', { event: 'ACCOUNT_DELETED' }))).toMatchObject({
      accountExternalId: BUSINESS_ID,
      under: 'all',
      kind: 'policy',
      action: 'disconnect',
    });
    const quality = { display_phone_number: '+55 11 90000-0001', event: 'UNFLAGGED' };
    expect(eventOf(businessChange('phone_number_quality_update', quality))).toMatchObject({
      under: { phone: '5511900000001' },
      current: 'GREEN',
      health: { qualityRating: 'GREEN' },
    });
  });

  it.each([
    ['DISABLE', 'block'],
    ['SCHEDULE_FOR_DISABLE', 'warning'],
    ['REINSTATE', 'unblock'],
  ])('of a ban in state %s is a %s', (state, action) => {
    const value = { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: state } };
    expect(eventOf(businessChange('account_update', value))).toMatchObject({ action });
  });

  it('tells a category that is to come from one that has changed', () => {
    const names = { message_template_name: 'x', message_template_language: 'pt_BR' };
    const notice = {
      ...names,
      correct_category: 'MARKETING',
      new_category: 'UTILITY',
      category_update_timestamp: AT + 86_400,
    };
    expect(eventOf(businessChange('template_category_update', notice))).toMatchObject({
      kind: 'templateCategory',
      category: 'MARKETING',
      previousCategory: 'UTILITY',
      effectiveAt: (AT + 86_400) * 1000,
    });
  });

  it.each(['calls', 'flows', 'history', 'smb_app_state_sync', 'group_lifecycle_update'])(
    'of field %s is known, and no message',
    (field) => {
      expect(eventOf(body(numberChange({ event: 'X' }, field)))).toMatchObject({
        kind: 'activity',
        field,
      });
    },
  );

  it('of a field that nobody knows is kept', () => {
    expect(eventOf(body(numberChange({}, 'telepathy')))).toMatchObject({
      kind: 'unrecognised',
      what: 'telepathy',
    });
  });
});

describe('whatever JSON comes in', () => {
  const KEYS = [
    'object entry id time changes field value metadata phone_number_id contacts profile name wa_id',
    'user_id messages from from_user_id timestamp type text body image caption interactive',
    'button_reply nfm_reply response_json reaction message_id emoji edit revoke original_message_id',
    'system context referral statuses status recipient_id pricing errors code error_data details',
    'message_echoes to user_preferences value category user_id_update __proto__ constructor',
  ]
    .join(' ')
    .split(' ');
  const FIELDS = ['messages', 'user_preferences', 'account_update', 'smb_message_echoes', 'nope'];
  const SCALARS = [null, true, 0, -1, 1.5, 1e300, '', 'text', 'sent', 'whatsapp_business_account'];

  it('gives well-formed events and never throws', () => {
    const random = randomFrom(7);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const value = (depth: number): unknown => {
      const kind = random();
      if (depth === 0 || kind < 0.35) return pick([...SCALARS, ...FIELDS]);
      if (kind < 0.55) return Array.from({ length: random() * 3 }, () => value(depth - 1));
      const pairs = Array.from({ length: random() * 6 }, () => [pick(KEYS), value(depth - 1)]);
      return Object.fromEntries(pairs as Array<[string, unknown]>);
    };
    /** A real call with a part of it replaced by anything. */
    const damaged = (item: unknown): unknown => {
      if (random() < 0.08) return value(3);
      if (Array.isArray(item)) return item.map(damaged);
      if (typeof item !== 'object' || item === null) return item;
      return Object.fromEntries(
        Object.entries(item).flatMap(([key, child]) =>
          random() < 0.05 ? [] : [[key, damaged(child)]],
        ),
      );
    };
    const real = [
      messageFrom(text),
      messageFrom({ type: 'interactive', interactive: { button_reply: { id: '1', title: 'a' } } }),
      statusOf({ status: 'failed', errors: [{ code: 131026 }] }),
      businessChange('account_update', { event: 'ACCOUNT_DELETED' }),
    ];
    let recognised = 0;
    for (let run = 0; run < 4000; run += 1) {
      const call = random() < 0.3 ? value(6) : damaged(pick(real));
      const { events } = parseWhatsAppWebhook(JSON.parse(JSON.stringify(call ?? null)), 5);
      for (const event of events) {
        if (event.kind !== 'unrecognised') recognised += 1;
        expect(typeof event.dedupeKey).toBe('string');
        expect(event.dedupeKey.length).toBeLessThan(2_000);
        expect(Number.isFinite(event.occurredAt)).toBe(true);
        expect(() => JSON.stringify(event)).not.toThrow();
        if ('contact' in event && event.contact) expect(event.contact.externalId).not.toBe('');
      }
    }
    expect(recognised).toBeGreaterThan(500);
  });

  it('survives a nesting that could be parsed and never be stored', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const call = JSON.parse(
      `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":"1","from":"5511988887777","type":"text","text":{"body":"oi"},"x":${deep}}]}}]}]}`,
    ) as unknown;
    const [event] = eventsOf(call);
    expect(event).toMatchObject({ kind: 'message', text: 'oi' });
    expect(() => structuredClone(event)).not.toThrow();
  });
});
