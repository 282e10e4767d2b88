/**
 * What a webhook body of WhatsApp holds, counted from its raw JSON. It is the parser's judge, so it shares nothing with
 * it: it looks at keys and knows no rule of the product but those of the payload itself.
 */

export const COUNTED = [
  'messages',
  'taps',
  'reactions',
  'edits',
  'revokes',
  'identities',
  'echoes',
  'sent',
  'delivered',
  'read',
  'failed',
  'templates',
  'categories',
  'news',
  'preferences',
  'others',
] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Record<Counted, number>;

type Json = Record<string, unknown>;

export function noCounts(): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, 0])) as Counts;
}

export function addCounts(to: Counts, more: Counts): void {
  for (const name of COUNTED) to[name] += more[name];
}

export function countBody(body: unknown): Counts {
  const counts = noCounts();
  for (const change of changesOf(body)) for (const word of wordsFor(change)) counts[word] += 1;
  return counts;
}

/** Every change of every entry. */
export function changesOf(body: unknown): Json[] {
  return listIn(body, 'entry').flatMap((entry) => listIn(entry, 'changes'));
}

const NEWS = /^(account_|phone_number_|business_|security$|message_template_quality_update$)/;

function wordsFor({ field, value }: Json): Counted[] {
  const name = String(field);
  if (!isJson(value)) return ['others'];
  if (/^message_template_(status|components)_update$/.test(name)) return ['templates'];
  if (name === 'template_category_update') return ['categories'];
  if (NEWS.test(name) && name !== 'account_settings_update') return ['news'];
  const words = [
    ...listIn(value, 'messages').map(wordForMessage),
    ...listIn(value, 'statuses').map(wordForStatus),
    ...listIn(value, 'errors').map((): Counted => 'news'),
    ...listIn(value, 'message_echoes').map((): Counted => 'echoes'),
    ...listIn(value, 'user_preferences').map((): Counted => 'preferences'),
    ...listIn(value, 'user_id_update').map((): Counted => 'identities'),
  ];
  return words.length > 0 ? words : ['others'];
}

const WITH_WORDS =
  /^(text|image|video|audio|document|sticker|location|contacts|interactive|order|unsupported|unknown)$/;

function wordForMessage(message: Json): Counted {
  const { type } = message;
  if (type === 'button') return 'taps';
  if (type === 'interactive') {
    const { interactive } = message;
    const isTap =
      isJson(interactive) && ('button_reply' in interactive || 'list_reply' in interactive);
    return isTap ? 'taps' : 'messages';
  }
  const word = { reaction: 'reactions', edit: 'edits', revoke: 'revokes', system: 'identities' }[
    String(type)
  ] as Counted | undefined;
  return word ?? (WITH_WORDS.test(String(type)) ? 'messages' : 'others');
}

function wordForStatus({ status }: Json): Counted {
  if (status === 'played') return 'read';
  const known: Counted[] = ['sent', 'delivered', 'read', 'failed'];
  return known.find((word) => word === status) ?? 'others';
}

function listIn(value: unknown, key: string): Json[] {
  const list = isJson(value) ? value[key] : undefined;
  return Array.isArray(list) ? (list as unknown[]).filter(isJson) : [];
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
