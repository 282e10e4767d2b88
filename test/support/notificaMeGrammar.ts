/**
 * Random webhook bodies of NotificaMe's hub in the spellings that were seen or that its SDK and dialect name: alone or
 * in a list, contents as a list or as a text of JSON, ids at either end, times in three forms, keys missing, added or
 * null. Nothing is equal to anything else, so that none of it is a repeat.
 */
type Random = () => number;
type Json = Record<string, unknown>;

/** What one event of the hub is, in the words of the independent count. */
export type HubKind =
  | 'messages'
  | 'taps'
  | 'reactions'
  | 'echoes'
  | 'statuses'
  | 'clicks'
  | 'unknown';

export const HUB_CHANNELS = [
  { id: '11111111-2222-4333-8444-555555555555', type: 'whatsapp_business_account' },
  { id: '11111111-2222-4333-8444-666666666666', type: 'instagram' },
  { id: '11111111-2222-4333-8444-888888888888', type: 'telegram' },
] as const;

export interface HubSentence {
  body: Json | Json[];
  kinds: HubKind[];
}

interface Setting {
  random: Random;
  fresh: (prefix: string) => string;
}

/** @param mark makes it unlike every sentence with another mark */
export function hubSentence(random: Random, mark: number): HubSentence {
  let count = 0;
  const fresh = (prefix: string) => `${prefix}-${mark}-${(count += 1)}`;
  const parts = Array.from({ length: chance(random, 0.7) ? 1 : 3 }, () => {
    const [kind, make] = pick(random, KINDS);
    return { kind, part: make({ random, fresh }) };
  });
  const kinds = parts.map(({ kind }) => kind);
  const [first, ...more] = parts.map(({ part }) => part);
  const isAlone = first !== undefined && more.length === 0 && chance(random, 0.8);
  return { body: isAlone ? first : parts.map(({ part }) => part), kinds };
}

const KINDS: ReadonlyArray<[HubKind, (setting: Setting) => Json]> = [
  ['messages', (setting) => message(setting, 'IN', contents(setting))],
  ['messages', (setting) => message(setting, 'IN', contents(setting))],
  ['messages', (setting) => message(setting, 'IN', [content(setting), content(setting)])],
  ['taps', (setting) => message(setting, 'IN', [tap(setting)])],
  ['reactions', (setting) => message(setting, 'IN', [reaction(setting)])],
  ['echoes', (setting) => message(setting, 'OUT', contents(setting))],
  ['statuses', (setting) => status(setting, pick(setting.random, CODES))],
  ['clicks', (setting) => status(setting, pick(setting.random, ['CLICKED', 'DELETED']))],
  ['unknown', unknown],
];

const CODES = ['SENT', 'ACCEPTED', 'VERIFIED', 'DELIVERED', 'READ', 'REJECTED', 'NOT_DELIVERED'];

function message({ random, fresh }: Setting, direction: 'IN' | 'OUT', list: Json[]): Json {
  const { id: own, type } = pick(random, HUB_CHANNELS);
  const person = type === 'whatsapp_business_account' ? phone(fresh) : fresh('person');
  const [to, from] = direction === 'IN' ? [own, person] : [person, own];
  const inner = {
    id: fresh('hub'),
    to,
    from,
    channel: type,
    direction,
    ...maybe(random, { visitor: { name: 'ana.teste', firstName: 'Ana', lastName: 'Teste' } }),
    contents: chance(random, 0.3) ? JSON.stringify(list) : list,
    ...noise(random),
  };
  return {
    id: fresh('event'),
    [pick(random, ['type', 'eventType'])]: 'MESSAGE',
    timestamp: time(random),
    channel: type,
    direction,
    ...maybe(random, { subscriptionId: 'sub-fake' }),
    message: chance(random, 0.15) ? JSON.stringify(inner) : inner,
    ...maybe(random, { providerMessageId: fresh('provider') }),
    ...noise(random),
  };
}

function status({ random, fresh }: Setting, code: string): Json {
  const { id, type } = pick(random, HUB_CHANNELS);
  const ids = chance(random, 0.5)
    ? { messageId: fresh('hub') }
    : { message: { id: fresh('hub'), externalId: fresh('provider'), to: fresh('person') } };
  return {
    id: fresh('event'),
    type: 'MESSAGE_STATUS',
    timestamp: time(random),
    channel: type,
    // A status names its channel nowhere else; ours have it in the address.
    channelId: id,
    contentIndex: 0,
    ...ids,
    messageStatus: {
      timestamp: time(random),
      code: chance(random, 0.2) ? code.toLowerCase() : code,
      ...maybe(random, { description: 'words', causes: [{ reason: 'words' }] }),
    },
    ...maybe(random, { providerMessageId: fresh('provider') }),
    ...noise(random),
  };
}

function unknown({ random, fresh }: Setting): Json {
  const { id, type } = pick(random, HUB_CHANNELS);
  return {
    id: fresh('event'),
    type: pick(random, ['FLOW', 'TYPING']),
    channel: type,
    channelId: id,
  };
}

function contents(setting: Setting): Json[] {
  return [content(setting)];
}

function content({ random, fresh }: Setting): Json {
  const address = `https://cdn.example/${fresh('file')}`;
  return pick(random, [
    { type: 'text', text: fresh('words') },
    { type: 'text', body: fresh('words') },
    { type: 'file', fileUrl: address, fileMimeType: 'document', fileName: 'a.pdf' },
    { type: 'file', url: address, fileMimeType: 'image/png', fileCaption: 'words' },
    { type: 'image', image: { link: address } },
    { type: 'location', latitude: -23.5, longitude: -46.6, name: 'Clínica' },
    { type: 'contacts', contacts: [{ name: { formattedName: 'Bia' }, phones: [{ phone: '1' }] }] },
    { type: 'email', subject: 'Oi', text: fresh('words') },
    { type: 'something_new', value: fresh('words') },
  ]);
}

function tap({ random, fresh }: Setting): Json {
  return pick(random, [
    { type: 'text', text: 'Sim', payload: fresh('payload') },
    { type: 'interactive', interactive: { button_reply: { id: fresh('id'), title: 'Sim' } } },
    { type: 'interactive', interactive: { list_reply: { id: fresh('id'), title: 'Sim' } } },
  ]);
}

function reaction({ random, fresh }: Setting): Json {
  const inner = { message_id: fresh('hub'), emoji: pick(random, ['👍', '']) };
  return chance(random, 0.5)
    ? { type: 'reaction', reaction: inner }
    : { type: 'reaction', ...inner };
}

function phone(fresh: (prefix: string) => string): string {
  return `55119${fresh('').replace(/\D/g, '').padStart(8, '7')}`;
}

function time(random: Random): unknown {
  return pick(random, ['2026-11-18 07:03:28 pm', '2026-11-18T22:03:28.000Z', 1_795_039_408_000]);
}

function noise(random: Random): Json {
  return chance(random, 0.2) ? { somethingNew: pick(random, [null, '', 7, { a: [1] }]) } : {};
}

function maybe(random: Random, more: Json): Json {
  return chance(random, 0.6) ? more : {};
}

function chance(random: Random, share: number): boolean {
  return random() < share;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}
