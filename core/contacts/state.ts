import { plain } from '../model';
import type { TagRow } from '../store/statements/contactParts';
import type { ContactRow, WrittenContact } from '../store/statements/contacts';
import type { ContactColumns, ContactDraft } from './draft';
import { phoneKeys } from './reach';

/** A contact while drafts are applied to it, before it is written. */
export interface ContactState {
  row: WrittenContact;
  /** As it is stored; null: not yet. */
  before: ContactRow | null;
  /** By the tag as it is compared; what it is written like. */
  tags: Map<string, string>;
  tagsBefore: ReadonlySet<string>;
  customFields: Record<string, unknown>;
  identities: { accountId: string; externalId: string }[];
  /** What has changed so far, by its names in the contact. */
  changed: Set<string>;
  isTold: boolean;
}

export interface DraftOutcome {
  change: 'created' | 'updated' | 'unchanged';
  changed: string[];
}

const NAMES: Record<Exclude<keyof ContactColumns, 'birth_day'>, string> = {
  name: 'name',
  phone: 'phone',
  email: 'email',
  birthday: 'birthday',
  stage: 'stage',
  language: 'language',
  time_zone: 'timeZone',
  source: 'source',
};

export function newState(id: string): ContactState {
  const empty = { name: null, phone: null, email: null, stage: null, birthday: null };
  return {
    row: {
      ...empty,
      id,
      birth_day: null,
      language: null,
      time_zone: null,
      source: null,
      custom_fields: '{}',
    },
    before: null,
    tags: new Map(),
    tagsBefore: new Set(),
    customFields: {},
    identities: [],
    changed: new Set(),
    isTold: false,
  };
}

export function stateOf(row: ContactRow, tags: readonly TagRow[]): ContactState {
  return {
    ...newState(row.id),
    row: { ...row },
    before: row,
    tags: new Map(tags.map(({ tag, label }) => [tag, label])),
    tagsBefore: new Set(tags.map(({ tag }) => tag)),
    customFields: JSON.parse(row.custom_fields) as Record<string, unknown>,
  };
}

/** Changes the state by what the draft says. */
export function applyDraft(state: ContactState, draft: ContactDraft): DraftOutcome {
  const changed = [
    ...applyColumns(state, draft),
    ...(applyTags(state, draft) ? ['tags'] : []),
    ...(applyFields(state, draft) ? ['customFields'] : []),
  ];
  if (draft.identity) state.identities.push(draft.identity);
  for (const name of changed) state.changed.add(name);
  const isFirst = state.before === null && !state.isTold;
  state.isTold = true;
  if (isFirst) return { change: 'created', changed: [] };
  return { change: changed.length > 0 ? 'updated' : 'unchanged', changed };
}

function applyColumns(state: ContactState, { columns }: ContactDraft): string[] {
  const { row } = state;
  const changed: string[] = [];
  for (const column of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    const value = columns[column];
    if (value === undefined || value === row[column]) continue;
    if (column === 'phone' && isSameNumber(row.phone, value)) continue;
    row[column] = value;
    changed.push(NAMES[column]);
  }
  if (columns.birth_day !== undefined) row.birth_day = columns.birth_day;
  return changed;
}

/** With or without Brazil's ninth digit. */
function isSameNumber(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && phoneKeys(a)[0] === phoneKeys(b)[0];
}

function applyTags(state: ContactState, { tags, addTags, removeTags }: ContactDraft): boolean {
  const before = [...state.tags.keys()].sort().join('\n');
  const next = tags === null ? state.tags : new Map<string, string>();
  for (const label of [...(tags ?? []), ...addTags]) {
    const tag = plain(label);
    if (!next.has(tag)) next.set(tag, state.tags.get(tag) ?? label);
  }
  for (const tag of removeTags) next.delete(tag);
  state.tags = next;
  return [...next.keys()].sort().join('\n') !== before;
}

function applyFields(state: ContactState, { customFields }: ContactDraft): boolean {
  const before = state.row.custom_fields;
  const fields = { ...state.customFields, ...customFields };
  state.customFields = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null),
  );
  state.row.custom_fields = JSON.stringify(state.customFields);
  return state.row.custom_fields !== before;
}
