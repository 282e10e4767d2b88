import type { InboundKind } from '../../core/model';

/**
 * Random webhook bodies of Meta in the grammar of its documentation: several entries, several items each, lists beside
 * one another, every kind in every spelling, with fields missing, added, null, empty or of another type.
 */
export interface Sentence {
  body: unknown;
  /** What each item and each change must become, in no order. */
  kinds: InboundKind[];
}

type Random = () => number;
interface Made {
  part: Record<string, unknown>;
  kind: InboundKind;
}
/** What an element is about. */
interface Setting {
  random: Random;
  accountId: string;
  object: 'page' | 'instagram';
  fresh: (prefix: string) => string;
  /** Nothing is equal to anything else, so that none of it is a repeat. */
  isUnique: boolean;
}

/** @param unique marks everything, so that sentences with different marks have nothing in common; else anything goes */
export function sentence(random: Random, unique?: string): Sentence {
  let count = 0;
  const fresh = (prefix: string) => `${prefix}_${unique ?? ''}${(count += 1)}`;
  const isUnique = unique !== undefined;
  const object = pick(random, ['page', 'instagram'] as const);
  const kinds: InboundKind[] = [];
  const entry = Array.from({ length: between(random, 1, 3) }, (_, index) => {
    const accountId = `1784140000000000${index}`;
    const setting: Setting = { random, accountId, object, fresh, isUnique };
    const result: Record<string, unknown> = {
      id: chance(random, 0.2) ? Number(`12345678${index}`) : accountId,
      ...(chance(random, 0.9) ? { time: stamp(random) } : {}),
      ...noise(random),
    };
    setting.accountId = String(result.id);
    const add = (make: (setting: Setting) => Made) => {
      const { part, kind } = make(setting);
      kinds.push(kind);
      return part;
    };
    const some = (make: (setting: Setting) => Made) =>
      Array.from({ length: between(random, 0, 3) }, () => add(make));
    if (chance(random, 0.7)) result.messaging = some(messagingItem);
    if (chance(random, 0.2)) result.standby = some(standbyItem);
    if (chance(random, 0.4)) result.changes = some(changeItem);
    if (chance(random, 0.1)) Object.assign(result, add(knownChange));
    if (!['messaging', 'standby', 'changes', 'field'].some((key) => key in result)) {
      result.messaging = [add(messagingItem)];
    }
    return result;
  });
  return { body: { object, entry, ...noise(random) }, kinds };
}

const KINDS: Array<(setting: Setting) => Made> = [
  message,
  message,
  message,
  echo,
  ({ fresh }) => made('delete', { message: { mid: fresh('m'), is_deleted: true } }),
  ({ random, fresh }) =>
    made('postback', {
      postback: maybe(random, { mid: fresh('m'), title: words(random), payload: 'P' }),
    }),
  ({ random, fresh }) =>
    made('reaction', {
      reaction: { mid: fresh('m'), action: pick(random, ['react', 'unreact']), ...noise(random) },
    }),
  ({ random, fresh }) =>
    made('read', {
      [pick(random, ['read', 'seen'])]: maybe(random, {
        mid: fresh('m'),
        watermark: stamp(random),
      }),
    }),
  ({ random, fresh }) =>
    made('delivery', { delivery: maybe(random, { mids: [fresh('m')], watermark: stamp(random) }) }),
  ({ random, fresh }) =>
    made('edit', {
      [pick(random, ['message_edit', 'message_edits'])]: {
        mid: fresh('m'),
        text: words(random),
        num_edit: pick(random, [1, '2']),
      },
    }),
  ({ random }) =>
    made('optin', {
      optin: pick(random, [
        { ref: 'R' },
        { ref: 'R', user_ref: 'U' },
        { type: 'notification_messages', payload: 'P', notification_messages_token: 'T' },
        { type: 'one_time_notif_req', payload: 'P', one_time_notif_token: 'T' },
      ]),
    }),
  ({ random }) =>
    made('referral', {
      [pick(random, ['referral', 'messaging_referral', 'messaging_referrals'])]: referral(random),
    }),
  ({ random }) =>
    made('handover', {
      [pick(random, ['pass', 'take', 'request']).concat('_thread_control')]: maybe(random, {
        new_owner_app_id: 1,
        metadata: '',
      }),
    }),
  () => made('handover', { app_roles: { 1: ['primary_receiver'] } }),
  ({ random }) =>
    made('accountLink', { account_linking: { status: pick(random, ['linked', 'unlinked']) } }),
  ({ random, fresh }) =>
    made('policy', {
      [pick(random, ['policy_enforcement', 'policy-enforcement'])]: {
        action: 'warning',
        reason: fresh('reason'),
      },
    }),
  ({ random }) => made('activity', { [pick(random, ['game_play', 'response_feedback'])]: {} }),
  ({ random }) => made('unrecognised', { [pick(random, ['hologram', 'telepathy'])]: { x: 1 } }),
];

function messagingItem(setting: Setting): Made {
  const { random, accountId, fresh, isUnique } = setting;
  if (!isUnique && chance(random, 0.03)) {
    return { part: pick<unknown>(random, [null, 7, 'x', []]) as never, kind: 'unrecognised' };
  }
  const { part, kind } = pick(random, KINDS)(setting);
  const personId = !isUnique && chance(random, 0.2) ? between(random, 1, 1e9) : fresh('person');
  const sides = {
    sender: { id: personId, ...noise(random) },
    recipient: {
      id: chance(random, 0.2) && Number(accountId) < 1e9 ? Number(accountId) : accountId,
    },
  };
  const turned = kind === 'echo' && chance(random, 0.8);
  return {
    part: {
      ...(turned ? { sender: sides.recipient, recipient: sides.sender } : sides),
      ...(chance(random, 0.9) ? { timestamp: stamp(random) } : {}),
      ...noise(random),
      ...part,
    },
    kind,
  };
}

function standbyItem(setting: Setting): Made {
  const { part, kind } = messagingItem(setting);
  // Another app is to answer it: it is told as a message that says so.
  return { part, kind: kind === 'postback' ? 'message' : kind };
}

function message({ random, fresh }: Setting): Made {
  return made('message', {
    message: {
      ...(chance(random, 0.95) ? { mid: fresh('m') } : {}),
      ...maybe(random, {
        text: words(random),
        attachments: Array.from({ length: between(random, 0, 3) }, () => attachment(random)),
        quick_reply: { payload: 'P' },
        reply_to: pick<unknown>(random, [{ mid: 'm_0' }, { story: { id: '1', url: 'u' } }, null]),
        referral: referral(random),
        is_unsupported: chance(random, 0.5),
        is_echo: false,
        sticker_id: 369239263222822,
      }),
      ...noise(random),
    },
  });
}

function echo({ random, fresh }: Setting): Made {
  return made('echo', {
    message: {
      mid: fresh('m'),
      is_echo: true,
      ...maybe(random, { text: words(random), app_id: 1, metadata: 'x' }),
    },
  });
}

const ATTACHMENTS = [
  'image',
  'video',
  'audio',
  'file',
  'location',
  'fallback',
  'template',
  'share',
  'ig_reel',
  'reel',
  'ig_post',
  'story_mention',
  'ig_story',
  'ephemeral',
  'unsupported_type',
  'hologram',
];

function attachment(random: Random): unknown {
  if (chance(random, 0.03)) return pick<unknown>(random, [null, 7, 'x', []]);
  return {
    type: pick(random, ATTACHMENTS),
    ...maybe(random, {
      title: words(random),
      url: 'https://cdn.example/x',
      payload: pick<unknown>(random, [
        null,
        'BLOB',
        { url: 'https://cdn.example/y', sticker_id: 1 },
        { coordinates: { lat: 1.5, long: '2' } },
        { template_type: 'generic', elements: [{ title: 'A' }] },
        { product: { elements: [{ id: 1, title: 'Kit' }] } },
      ]),
    }),
  };
}

function referral(random: Random): Record<string, unknown> {
  return maybe(random, {
    ref: pick<unknown>(random, ['r', null, '', 7]),
    source: pick(random, ['ADS', 'SHORTLINK', 'SHORTLINKS', 'CUSTOMER_CHAT_PLUGIN']),
    type: 'OPEN_THREAD',
    ad_id: between(random, 1, 1e9),
    ads_context_data: maybe(random, { ad_title: 'T', photo_url: 'p', post_id: 'q' }),
    product: { id: 'P' },
  });
}

function changeItem(setting: Setting): Made {
  const { random, isUnique } = setting;
  if (!isUnique && chance(random, 0.03)) {
    return {
      part: pick<unknown>(random, [null, 7, {}, { field: '' }]) as never,
      kind: 'unrecognised',
    };
  }
  return knownChange(setting);
}

function knownChange(setting: Setting): Made {
  const { random, fresh, accountId, isUnique } = setting;
  const from = { id: fresh('person'), ...maybe(random, { name: 'N', username: 'u' }) };
  const changed = (kind: InboundKind, field: string, value: object) =>
    made(kind, { field, value: { ...value, zzz_number: fresh('n') } });
  const feed = {
    item: 'comment',
    comment_id: fresh('c'),
    ...maybe(random, { from, message: 'x' }),
  };
  const oddities = [fresh('x'), ...(isUnique ? [] : [null, [], 7, {}])];
  return pick(random, [
    () =>
      changed('comment', pick(random, ['comments', 'live_comments']), {
        id: fresh('c'),
        ...maybe(random, { from, text: words(random), media: { id: 'p', ad_id: '1' } }),
      }),
    () => changed('activity', 'comments', { id: fresh('c'), from: { id: accountId }, text: 'x' }),
    () => changed('comment', 'feed', { ...feed, verb: 'add' }),
    () =>
      changed('activity', 'feed', { ...feed, verb: pick(random, ['edited', 'remove', 'hide']) }),
    () => changed('activity', 'feed', { ...feed, verb: 'add', from: { id: accountId } }),
    () =>
      changed('activity', 'feed', {
        item: pick(random, ['status', 'post', 'reaction', 'album', 'share', 'like', 'photo']),
        verb: pick(random, ['add', 'edited', 'remove', 'hide']),
        ...maybe(random, { from, post_id: fresh('p'), created_time: 1_795_000_000 }),
      }),
    () => changed('mention', 'mention', { item: 'post', verb: 'add', post_id: fresh('p') }),
    () =>
      changed('mention', 'mentions', {
        media_id: fresh('p'),
        ...maybe(random, { comment_id: fresh('c') }),
      }),
    () => changed('activity', 'story_insights', { media_id: 'p', exits: 1 }),
    () => made('activity', { field: 'website', value: pick<unknown>(random, oddities) }),
    () =>
      changed('templateStatus', 'message_template_status_update', {
        event: 'APPROVED',
        message_template_name: fresh('template'),
        ...maybe(random, { message_template_id: fresh('id'), reason: 'NONE' }),
      }),
    () => made('unrecognised', { field: 'holograms', value: pick<unknown>(random, oddities) }),
    () => {
      const { part, kind } = pick(random, KINDS)(setting);
      const between = { sender: from, recipient: { id: accountId }, timestamp: stamp(random) };
      const turned = { sender: between.recipient, recipient: between.sender };
      return changed(kind, 'messages', { ...between, ...(kind === 'echo' ? turned : {}), ...part });
    },
  ])();
}

function made(kind: InboundKind, part: Record<string, unknown>): Made {
  return { part, kind };
}

/** The object with some of its fields left out. */
function maybe(random: Random, object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(() => chance(random, 0.6)));
}

/** Fields that nobody knows. */
function noise(random: Random): Record<string, unknown> {
  return chance(random, 0.2) ? { zzz_tomorrow: pick<unknown>(random, [null, '', {}, [1], 7]) } : {};
}

function words(random: Random): unknown {
  return pick<unknown>(random, ['Olá', '', ' ', null, 42, '😀'.repeat(300), 'a\u0000b', '\ud83d']);
}

function stamp(random: Random): unknown {
  return pick<unknown>(random, [
    1_795_000_000_123,
    1_795_000_000,
    '1795000000123',
    '1795000000',
    null,
    'yesterday',
    -1,
  ]);
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

function chance(random: Random, probability: number): boolean {
  return random() < probability;
}
