/**
 * What a webhook body of Meta holds, counted from its raw JSON. It is the parser's judge, so it shares nothing with it:
 * it looks at keys and knows no rule of the product but those of the payload itself.
 */

export const COUNTED = [
  'messages',
  'echoes',
  'deletes',
  'postbacks',
  'reactions',
  'reads',
  'deliveries',
  'edits',
  'optins',
  'referrals',
  'handovers',
  'accountLinks',
  'policies',
  'comments',
  'mentions',
  'templates',
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
  for (const what of elementsOf(body)) counts[what] += 1;
  return counts;
}

/** One word for each item of `messaging` and `standby` and each change. */
export function elementsOf(body: unknown): Counted[] {
  if (Array.isArray(body)) return body.flatMap(elementsOf);
  const entries = isJson(body) && Array.isArray(body.entry) ? (body.entry as unknown[]) : [];
  return entries
    .filter(isJson)
    .flatMap((entry) => [
      ...[...listIn(entry, 'messaging'), ...listIn(entry, 'standby')].map((item) =>
        wordForItem(item, String(entry.id)),
      ),
      ...listIn(entry, 'changes').map((change) => wordForChange(change, String(entry.id))),
      ...('field' in entry ? [wordForChange(entry, String(entry.id))] : []),
    ]);
}

function wordForItem(item: unknown, accountId: string): Counted {
  if (!isJson(item)) return 'others';
  if (isJson(item.message)) {
    if (item.message.is_deleted) return 'deletes';
    const isOurs = isJson(item.sender) && String(item.sender.id) === accountId;
    return item.message.is_echo || isOurs ? 'echoes' : 'messages';
  }
  const byKey: [RegExp, Counted][] = [
    [/^postback$/, 'postbacks'],
    [/^reaction$/, 'reactions'],
    [/^(read|seen)$/, 'reads'],
    [/^delivery$/, 'deliveries'],
    [/^message_edits?$/, 'edits'],
    [/^optin$/, 'optins'],
    [/^account_linking$/, 'accountLinks'],
    [/^policy[-_]enforcement$/, 'policies'],
    [/_thread_control$|^app_roles$|^messaging_handovers?$/, 'handovers'],
    [/^(messaging_)?referrals?$/, 'referrals'],
  ];
  const found = byKey.find(([name]) => Object.keys(item).some((key) => name.test(key)));
  return found?.[1] ?? 'others';
}

function wordForChange(change: unknown, accountId: string): Counted {
  if (!isJson(change) || !isJson(change.value)) return 'others';
  const { field, value } = change;
  if (isJson(value.sender) || isJson(value.recipient)) return wordForItem(value, accountId);
  const author = isJson(value.from) ? value.from.id : value.sender_id;
  const isNewOfOthers = (value.verb ?? 'add') === 'add' && String(author) !== accountId;
  if (field === 'comments' || field === 'live_comments') {
    return isNewOfOthers ? 'comments' : 'others';
  }
  if (field === 'feed') {
    return value.item === 'comment' && isNewOfOthers ? 'comments' : 'others';
  }
  if (field === 'mentions' || field === 'mention') return isNewOfOthers ? 'mentions' : 'others';
  return field === 'message_template_status_update' ? 'templates' : 'others';
}

function listIn(entry: Json, key: string): unknown[] {
  return Array.isArray(entry[key]) ? (entry[key] as unknown[]) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
