import { asList, asObject, asText, asWords } from '../graph/json';
import type { JsonObject } from '../graph/json';

/**
 * What an answer of the hub is. It reports failure in the body and not reliably in the HTTP status: an unknown route is
 * 200 with an error, a bad token 404, validation 422 or 200; a success is a bare list, an object with an id, or
 * `{"code":"SUCCESS","value":…}` (an integrator's notes with real traffic).
 */
export type HubAnswer =
  | { kind: 'success'; value: unknown }
  | { kind: 'error'; code: string | null; says: string | null }
  /** No JSON: `404 page not found`, a page of a proxy. */
  | { kind: 'text'; text: string }
  | { kind: 'nothing' };

/** Keys that were seen, or are likely, to hold the list or the object that was asked for. */
const WRAPPERS = ['value', 'data', 'channels', 'subscriptions', 'templates', 'instances', 'items'];
/** What only a success has; the sub-account call answers with the last two. */
const MARKS = [
  'id',
  'instanceId',
  'CompanyId',
  'authUrl',
  'qrcode',
  'qrCode',
  'status',
  'Status',
  'success',
];

export function readAnswer(body: string): HubAnswer {
  const text = body.trim();
  if (text === '') return { kind: 'nothing' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'text', text };
  }
  if (Array.isArray(parsed)) return { kind: 'success', value: parsed };
  const object = asObject(parsed);
  // A bare word or number is JSON too, and says no more than a plain text.
  if (object === null) return { kind: 'text', text };
  return ofObject(object);
}

function ofObject(object: JsonObject): HubAnswer {
  const nested = object.error ?? object.erro;
  if (nested !== undefined && nested !== null && nested !== false) return ofError(object, nested);
  const code = asWords(object.code);
  if (code?.toUpperCase() === 'SUCCESS') {
    return { kind: 'success', value: object.value ?? object };
  }
  if (code !== null && !('id' in object)) return ofError(object, object);
  if (asText(object.Erro) !== null) return ofError(object, { message: object.Erro });
  const wrapper = WRAPPERS.find(
    (name) => typeof object[name] === 'object' && object[name] !== null,
  );
  if (wrapper !== undefined) return { kind: 'success', value: object[wrapper] };
  if (MARKS.some((name) => name in object)) return { kind: 'success', value: object };
  return { kind: 'error', code: null, says: saysOf(object) };
}

function ofError(object: JsonObject, nested: unknown): HubAnswer {
  const error = asObject(nested);
  if (error === null) {
    return { kind: 'error', code: asWords(object.code), says: asWords(nested) ?? saysOf(object) };
  }
  return {
    kind: 'error',
    code: asWords(error.code) ?? asWords(object.code),
    says: saysOf(error) ?? saysOf(object),
  };
}

/** Message and details together: `details` says which field. */
function saysOf(error: JsonObject): string | null {
  const details = asList(error.details).flatMap((value) => {
    const detail = asObject(value);
    const words = [asText(detail?.path), asText(detail?.message)].filter((word) => word !== null);
    return words.length === 0 ? [] : [words.join(': ')];
  });
  const says = [asText(error.message) ?? asText(error.Mensagem), ...details].filter(Boolean);
  return says.length === 0 ? null : says.join('; ');
}
