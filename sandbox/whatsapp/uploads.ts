import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  allowMethods as allow,
  badParameter,
  undocumented,
  unknownObject,
} from '../graph/errors.ts';
import { oneOf, onlyKeys, requiredText } from '../graph/validation.ts';
import type { GraphCall } from '../graph/call.ts';

type Answer = Record<string, unknown>;

const TYPES = ['application/pdf', 'image/jpeg', 'image/jpg', 'image/png', 'video/mp4'] as const;

/**
 * The Resumable Upload API, for examples of template headers: `POST /{app}/uploads` opens a session, `POST /upload:…`
 * with the header `file_offset` takes the bytes and gives the handle. Undefined for any other path. Source: section D.4.
 */
export function answerUploads(call: GraphCall): Answer | undefined {
  const [first = '', edge, ...rest] = call.segments;
  if (rest.length > 0) return undefined;
  if (first.startsWith('upload:')) {
    if (edge !== undefined) return undefined;
    allow(call, ['POST']);
    return takeBytes(call, first.slice('upload:'.length));
  }
  if (edge !== 'uploads' || call.context.store.state.apps[first] === undefined) return undefined;
  allow(call, ['POST']);
  if (first !== call.app.id) throw unknownObject(call.method, first);
  return openSession(call);
}

function openSession(call: GraphCall): Answer {
  onlyKeys(call.params, ['file_name', 'file_length', 'file_type'], '');
  const length = Number(requiredText(call.params, 'file_length', ''));
  if (!Number.isInteger(length) || length <= 0) {
    throw badParameter('Param file_length must be a number of bytes.');
  }
  const facts = {
    app: call.app.id,
    length,
    type: oneOf(call.params.file_type, TYPES, 'file_type'),
    name: requiredText(call.params, 'file_name', ''),
  };
  const text = Buffer.from(JSON.stringify(facts)).toString('base64');
  return { id: `upload:${text.replaceAll('/', '_')}?sig=${signatureOf(call, text)}` };
}

function takeBytes(call: GraphCall, session: string): Answer {
  const { sig, ...others } = call.params;
  onlyKeys(others, [], '');
  const text = session.replaceAll('_', '/');
  const expected = Buffer.from(signatureOf(call, text));
  const signature = typeof sig === 'string' ? sig : '';
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw unknownObject(call.method, `upload:${session}`);
  }
  const { length } = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as { length: number };
  const { bytes } = call;
  if (bytes?.offset !== '0') throw undocumented('the header file_offset says where to begin: 0.');
  if (bytes.body.length !== length) {
    throw badParameter(`The session was opened for ${length} bytes, not ${bytes.body.length}.`);
  }
  return {
    h: `4:${text}:${bytes.body.subarray(0, 24).toString('base64')}:e:1795000000:${signature}`,
  };
}

/** A session is known by its own words: nothing of it has to be kept. */
function signatureOf(call: GraphCall, text: string): string {
  return createHmac('sha256', call.app.secret).update(text).digest('base64url').slice(0, 24);
}
