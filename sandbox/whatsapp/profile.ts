import { parseFields, checkFields } from '../graph/fields.ts';
import { asList, asObject, onlyKeys, optionalText, requiredText } from '../graph/validation.ts';
import { paginate } from '../graph/paging.ts';
import { requireProduct, requireScope } from './access.ts';
import { refused, titleOf } from './errors.ts';
import { findPerson, isWindowOpen, namesOf } from './people.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppNumber } from './model.ts';

type Answer = Record<string, unknown>;

const TEXTS = ['about', 'address', 'description', 'email', 'vertical'] as const;
const FIELDS = [...TEXTS, 'profile_picture_url', 'websites'];

/** `GET|POST /{number}/whatsapp_business_profile`. Source: section D.5. */
export function businessProfile(call: GraphCall, number: WhatsAppNumber): Answer {
  requireScope(call, 'whatsapp_business_messaging');
  const { profile } = number;
  if (call.method === 'GET') {
    onlyKeys(call.params, ['fields'], '');
    const fields = parseFields(call.params.fields) ?? [];
    checkFields(fields, FIELDS, 'WhatsAppBusinessProfile');
    const all: Answer = {
      ...profile,
      profile_picture_url: `${call.context.publicUrl()}/_sandbox/avatars/${number.id}.svg`,
    };
    const wanted = fields.map(({ name }) => name);
    const shown = Object.entries(all).filter(
      ([key, value]) => wanted.includes(key) && value !== '' && value !== undefined,
    );
    return { data: [{ ...Object.fromEntries(shown), messaging_product: 'whatsapp' }] };
  }
  onlyKeys(call.params, ['messaging_product', ...TEXTS, 'websites', 'profile_picture_handle'], '');
  requireProduct(call.params);
  for (const key of TEXTS) {
    const text = optionalText(call.params, key, '', key === 'about' ? 139 : 512);
    if (text !== undefined) profile[key] = text;
  }
  if (call.params.websites !== undefined) {
    profile.websites = asList(call.params.websites, 'websites', 0, 2).map(String);
  }
  call.context.store.changed();
  return { success: true };
}

/** `GET|POST|DELETE /{number}/block_users`: only people who wrote in the last 24 hours. Source: section D.7. */
export function blockUsers(call: GraphCall, number: WhatsAppNumber): Answer {
  requireScope(call, 'whatsapp_business_messaging');
  const { store } = call.context;
  if (call.method === 'GET') {
    onlyKeys(call.params, ['limit', 'after'], '');
    const people = number.blocked.flatMap((id) => store.state.personas[id] ?? []);
    const { data, paging } = paginate(call, people, call.params.limit, 25);
    return {
      data: data.map((persona) => ({ messaging_product: 'whatsapp', ...namesOf(persona) })),
      ...(paging === undefined ? {} : { paging }),
    };
  }
  onlyKeys(call.params, ['messaging_product', 'block_users'], '');
  requireProduct(call.params);
  const [done, failed]: [Answer[], Answer[]] = [[], []];
  asList(call.params.block_users, 'block_users', 1, 1000).forEach((item, index) => {
    const path = `block_users[${index}]`;
    const entry = asObject(item, path);
    onlyKeys(entry, ['user'], path);
    const input = requiredText(entry, 'user', path);
    const problem = changeBlock(call, number, input);
    if (problem === undefined) done.push(namedBy(call, number, input));
    else {
      const error = { code: problem.code, title: titleOf(problem.code), message: problem.details };
      const errors = [{ ...error, error_data: { details: problem.details } }];
      failed.push({ ...namedBy(call, number, input), errors });
    }
  });
  if (done.length === 0) throw refused(131009, 'No user of the list could be changed.');
  store.changed();
  const key = call.method === 'POST' ? 'added_users' : 'removed_users';
  const lists = { [key]: done, ...(failed.length === 0 ? {} : { failed_users: failed }) };
  return { messaging_product: 'whatsapp', block_users: lists };
}

function namedBy(call: GraphCall, number: WhatsAppNumber, input: string): Answer {
  const persona = findPerson(call.context.store.state, number, input);
  return { input, ...(persona === undefined ? {} : namesOf(persona)) };
}

function changeBlock(
  call: GraphCall,
  number: WhatsAppNumber,
  input: string,
): { code: number; details: string } | undefined {
  const { store } = call.context;
  const persona = findPerson(store.state, number, input);
  if (persona === undefined) return { code: 131009, details: 'The user is not on WhatsApp.' };
  if (call.method === 'DELETE') {
    number.blocked = number.blocked.filter((id) => id !== persona.id);
    return undefined;
  }
  if (!isWindowOpen(store.state, persona, store.now())) {
    return { code: 131047, details: 'Only people who wrote in the last 24 hours can be blocked.' };
  }
  if (!number.blocked.includes(persona.id)) number.blocked.push(persona.id);
  return undefined;
}
