/**
 * Random webhook bodies of WhatsApp in the grammar of its documentation: several entries, several changes each, several
 * items in a change, every kind in every spelling, people with a number, a user id or both, with fields missing, added,
 * null or empty. Nothing is equal to anything else, so that none of it is a repeat.
 */
type Random = () => number;
type Json = Record<string, unknown>;

export const BUSINESS_ID = '300400500600700';
export const NUMBERS = [
  { id: '410000000000001', phone: '5511900000001' },
  { id: '410000000000002', phone: '5551900000002' },
] as const;

interface Setting {
  random: Random;
  fresh: (prefix: string) => string;
}

/** @param mark makes it unlike every sentence with another mark */
export function sentence(random: Random, mark: number): Json {
  let count = 0;
  const fresh = (prefix: string) => `${prefix}${mark}x${(count += 1)}`;
  const setting: Setting = { random, fresh };
  const entry = Array.from({ length: between(random, 1, 3) }, (_, index) => ({
    id: BUSINESS_ID,
    // News of equal words at another time are other news.
    time: 1_795_000_000 + mark * 10 + index,
    ...noise(random),
    changes: Array.from({ length: between(random, 1, 4) }, () => change(setting)),
  }));
  return { object: 'whatsapp_business_account', entry, ...noise(random) };
}

function change(setting: Setting): Json {
  const { random } = setting;
  const make = pick(random, [
    ofNumber,
    ofNumber,
    ofNumber,
    ofNumber,
    ofAccount,
    ofPeople,
    ofNobody,
  ]);
  return { ...make(setting), ...noise(random) };
}

function valueFor({ random }: Setting): Json {
  const { id, phone } = pick(random, NUMBERS);
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: phone, phone_number_id: id },
    ...noise(random),
  };
}

interface Person {
  phone: string | undefined;
  userId: string | undefined;
  contact: Json;
}

/** One who is known by nobody else: with a number, a user id, or both; what is missing may be there as "". */
function person({ random, fresh }: Setting): Person {
  const digits = fresh('').replace(/\D/g, '');
  const kind = pick(random, ['both', 'phone', 'userId'] as const);
  const phone = kind === 'userId' ? undefined : `44${digits.padStart(10, '7')}`;
  const userId = kind === 'phone' ? undefined : fresh('GB.');
  const contact = {
    profile: maybe(random, { name: 'Ana', username: '@ana' }),
    ...(phone === undefined ? empty(random, 'wa_id') : { wa_id: phone }),
    ...(userId === undefined ? empty(random, 'user_id') : { user_id: userId }),
  };
  return { phone, userId, contact };
}

function empty(random: Random, key: string): Json {
  return chance(random, 0.5) ? { [key]: '' } : {};
}

function named(random: Random, who: Person, phoneKey: string, userKey: string): Json {
  return {
    ...(who.phone === undefined ? empty(random, phoneKey) : { [phoneKey]: who.phone }),
    ...(who.userId === undefined ? empty(random, userKey) : { [userKey]: who.userId }),
  };
}

function ofNumber(setting: Setting): Json {
  const { random } = setting;
  const who = person(setting);
  const value: Json = { ...valueFor(setting), contacts: [who.contact] };
  const some = (make: (setting: Setting, who: Person) => Json) =>
    Array.from({ length: between(random, 1, 3) }, () => make(setting, who));
  if (chance(random, 0.6)) value.messages = some(message);
  if (!value.messages || chance(random, 0.2)) value.statuses = some(status);
  if (chance(random, 0.1)) {
    value.errors = [{ code: 130429, title: setting.fresh('error'), message: 'Rate limit hit' }];
  }
  return { field: 'messages', value };
}

function message(setting: Setting, who: Person): Json {
  const { random, fresh } = setting;
  return {
    ...named(random, who, 'from', 'from_user_id'),
    id: fresh('wamid.in.'),
    ...(chance(random, 0.9) ? { timestamp: stamp(random) } : {}),
    ...maybe(random, { context: { id: fresh('wamid.quoted.') } }),
    ...noise(random),
    ...content(setting),
  };
}

function content({ random, fresh }: Setting): Json {
  const media = () =>
    maybe(random, { id: fresh('7'), mime_type: 'image/jpeg', caption: words(random) });
  const part = (type: string, object: unknown) => ({ type, [type]: object });
  return pick(random, [
    () => part('text', { body: words(random) }),
    () => part(pick(random, ['image', 'video', 'audio', 'document', 'sticker']), media()),
    () => part('location', maybe(random, { latitude: -23.5, longitude: '-46.6', name: 'C' })),
    () => part('contacts', [maybe(random, { name: { formatted_name: 'Bia' }, phones: [{}] })]),
    () => part('button', maybe(random, { payload: 'P', text: words(random) })),
    () =>
      part('interactive', {
        type: 'button_reply',
        [pick(random, ['button_reply', 'list_reply'])]: { id: 'yes', title: words(random) },
      }),
    () =>
      part('interactive', {
        type: 'nfm_reply',
        nfm_reply: maybe(random, { response_json: pick(random, ['{"a":1}', '{', '']) }),
      }),
    () => part('reaction', { message_id: fresh('wamid.out.'), ...maybe(random, { emoji: '👍' }) }),
    () => part('order', maybe(random, { catalog_id: '1', product_items: [{ quantity: 2 }, null] })),
    () => ({ type: 'unsupported', errors: [{ code: 131051 }] }),
    () =>
      part('edit', {
        original_message_id: fresh('wamid.edited.'),
        message: { type: 'text', text: { body: words(random) } },
      }),
    () => part('revoke', { original_message_id: fresh('wamid.revoked.') }),
    () => ({ type: 'hologram', hologram: { x: 1 } }),
    () => ({
      ...part('text', { body: 'Vi o anúncio' }),
      referral: maybe(random, { source_type: 'ad', source_id: 1, headline: 'H', ctwa_clid: 'c' }),
    }),
  ])();
}

function status({ random, fresh }: Setting, who: Person): Json {
  const name = pick(random, ['sent', 'delivered', 'read', 'played', 'failed', 'deleted', 'melted']);
  return {
    ...named(random, who, 'recipient_id', 'recipient_user_id'),
    id: fresh('wamid.out.'),
    status: name,
    timestamp: stamp(random),
    ...maybe(random, {
      pricing: maybe(random, { billable: true, pricing_model: 'PMP', category: 'utility' }),
      conversation: { id: 'c' },
    }),
    ...(name === 'failed' ? maybe(random, { errors: [{ code: 131026, title: 'T' }] }) : {}),
    ...noise(random),
  };
}

function ofAccount({ random, fresh }: Setting): Json {
  const template = {
    message_template_id: fresh('9'),
    message_template_name: fresh('template'),
    message_template_language: 'pt_BR',
  };
  const number = { display_phone_number: pick(random, NUMBERS).phone };
  const [field, value] = pick(random, [
    () => [
      'message_template_status_update',
      {
        ...template,
        event: pick(random, ['APPROVED', 'PAUSED', 'REJECTED']),
        ...maybe(random, { reason: 'NONE' }),
      },
    ],
    () => ['message_template_components_update', { ...template, message_template_element: 'x' }],
    () => [
      'template_category_update',
      {
        ...template,
        new_category: 'MARKETING',
        ...maybe(random, { previous_category: 'UTILITY' }),
      },
    ],
    () => ['message_template_quality_update', { ...template, new_quality_score: 'RED' }],
    () => [
      'phone_number_quality_update',
      { ...number, event: 'UPGRADE', current_limit: 'TIER_10K', zzz: fresh('n') },
    ],
    () => [
      'phone_number_name_update',
      { ...number, decision: 'APPROVED', requested_verified_name: fresh('Name') },
    ],
    () => [
      'account_update',
      { ...number, event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: fresh('V') } },
    ],
    () => ['account_update', { ...number, event: 'VERIFIED_ACCOUNT', zzz: fresh('n') }],
    () => ['business_username_update', { ...number, username: fresh('name'), status: 'approved' }],
    () => ['security', { ...number, event: 'PIN_CHANGED', requester: fresh('1') }],
  ] as const satisfies readonly (() => readonly [string, Json])[])();
  return { field, value };
}

function ofPeople(setting: Setting): Json {
  const { random, fresh } = setting;
  const who = person(setting);
  const value = { ...valueFor(setting), contacts: [who.contact] };
  return pick(random, [
    () => ({
      field: 'smb_message_echoes',
      value: {
        ...value,
        message_echoes: [
          {
            ...named(random, who, 'to', 'to_user_id'),
            id: fresh('wamid.echo.'),
            timestamp: stamp(random),
            type: 'text',
            text: { body: words(random) },
          },
        ],
      },
    }),
    () => ({
      field: 'user_preferences',
      value: {
        ...value,
        user_preferences: [
          {
            ...named(random, who, 'wa_id', 'user_id'),
            category: 'marketing_messages',
            value: pick(random, ['stop', 'resume']),
            timestamp: 1_795_000_000,
          },
        ],
      },
    }),
  ])();
}

function ofNobody(setting: Setting): Json {
  const { random, fresh } = setting;
  const field = pick(random, ['history', 'flows', 'calls', 'group_settings_update', 'holograms']);
  return { field, value: { ...valueFor(setting), zzz: fresh('n') } };
}

/** The object with some of its fields left out. */
function maybe(random: Random, object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(() => chance(random, 0.6)));
}

/** Fields that nobody knows. */
function noise(random: Random): Json {
  return chance(random, 0.2) ? { zzz_tomorrow: pick<unknown>(random, [null, '', {}, [1], 7]) } : {};
}

function words(random: Random): unknown {
  return pick<unknown>(random, ['Olá', '', ' ', null, 42, '😀'.repeat(300), 'a\u0000b', '\ud83d']);
}

function stamp(random: Random): unknown {
  return pick<unknown>(random, ['1795000000', 1_795_000_000, null, 'yesterday', '-1']);
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
