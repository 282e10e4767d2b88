import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
} from '../../model';
import type { RetryClass, SendError } from '../../model';
import type { HttpFailure } from '../../http/failure';
import type { HttpResponse } from '../../http/client';
import type { CallContext } from '../graph/context';
import { REASON_OF_CLASS, findMetaError } from './errorTable';
import { asNumber, asObject, asText, parseObject } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { waitAfterThrottle } from '../graph/usage';

/** The error object of Meta's answers. */
export interface GraphErrorBody {
  code: number;
  subcode: number | null;
  message: string | null;
  isTransient: boolean;
  traceId: string | null;
}

/** Null when the answer holds no error object of Meta's form. */
export function parseGraphError(body: JsonObject | null): GraphErrorBody | null {
  const error = asObject(body?.error);
  const code = asNumber(error?.code);
  if (error === null || code === null) return null;
  return {
    code,
    subcode: asNumber(error.error_subcode),
    message: asText(error.error_user_msg) ?? asText(error.message),
    isTransient: error.is_transient === true,
    traceId: asText(error.fbtrace_id),
  };
}

/** Whether the body of an answer says no, whatever its HTTP status. */
export function isRefusal(body: JsonObject | null): boolean {
  return parseGraphError(body) !== null || loginRefusal(body) !== null;
}

/** Meta's words in an error of api.instagram.com, which has a form of its own; its code is only an HTTP status. */
function loginRefusal(body: JsonObject | null): string | null {
  return asText(body?.error_type) === null ? null : asText(body?.error_message);
}

/** The error for an answer that is no success: by code and subcode, else by HTTP status. */
export function metaError(response: HttpResponse, context: CallContext): SendError {
  const body = parseObject(response.body.toString('utf8'));
  const error = parseGraphError(body);
  if (error !== null) return errorOfCodes(error, context, response);
  const words = loginRefusal(body);
  return words === null
    ? errorWithoutEnvelope(response, context)
    : loginError(words, response, context);
}

function loginError(words: string, response: HttpResponse, context: CallContext): SendError {
  const says = redact(words, context.secrets);
  return raise('token', context, response, {
    code: null,
    subcode: null,
    sentence: `Instagram refused ${context.subject}. It says: "${says?.slice(0, MAX_QUOTE)}"`,
    hint: 'Check app ID and app secret of the Instagram app, then connect again: a code works once, and for a short time.',
    details: { status: response.status, providerMessage: says },
  });
}

type AnswerFacts = Pick<HttpResponse, 'status' | 'headers'>;
const NO_ANSWER: AnswerFacts = { status: 400, headers: {} };

/** The error for codes of Meta, also for those that stand inside a success (debug_token). */
export function errorOfCodes(
  error: GraphErrorBody,
  context: CallContext,
  response: AnswerFacts = NO_ANSWER,
): SendError {
  const found = findMetaError(error.code, error.subcode);
  const retryClass = classOf(error, found, response.status);
  const known = found?.row.retryClass === retryClass ? found.row : undefined;
  const cause =
    known?.cause ?? UNKNOWN_CAUSES[retryClass] ?? 'it gave a reason that is not documented';
  const says = redact(error.message, context.secrets);
  const codes = error.subcode === null ? `${error.code}` : `${error.code}/${error.subcode}`;
  const quote = says === null ? '' : ` Meta says: "${says.slice(0, MAX_QUOTE)}"`;
  return raise(retryClass, context, response, {
    code: error.code,
    subcode: error.subcode,
    sentence: `Meta refused ${context.subject}: ${cause} (code ${codes}).${quote}`,
    hint: known?.next ?? 'Look the code up in the documentation of the Graph API.',
    details: {
      code: error.code,
      subcode: error.subcode,
      traceId: error.traceId,
      providerMessage: says,
    },
  });
}

/** Characters of Meta's own words in a sentence for people. */
const MAX_QUOTE = 300;

const UNKNOWN_CAUSES: Partial<Record<RetryClass, string>> = {
  ambiguous: 'Meta had a fault of its own',
};

/**
 * `is_transient` marks a fault of Meta's side, after which the message may have gone out; a code whose
 * meaning the pair fixes, a throttle and a dead token are what they are even so.
 */
function classOf(
  error: GraphErrorBody,
  found: ReturnType<typeof findMetaError>,
  status: number,
): RetryClass {
  if (found === undefined) return error.isTransient || status >= 500 ? 'ambiguous' : 'invalid';
  const { retryClass } = found.row;
  const isCertain = found.exact || retryClass === 'rate' || retryClass === 'token';
  return error.isTransient && !isCertain ? 'ambiguous' : retryClass;
}

/** A success whose body is no JSON object: accepted or not, nobody can tell. */
export function unreadableAnswer(response: HttpResponse, context: CallContext): SendError {
  return errorWithoutEnvelope(response, context);
}

function errorWithoutEnvelope(response: HttpResponse, context: CallContext): SendError {
  const { status } = response;
  const facts = { code: null, subcode: null, details: { status } };
  if (status === 429) {
    return raise('rate', context, response, {
      ...facts,
      sentence: `Meta refused ${context.subject}: too many calls (HTTP 429).`,
      hint: 'It is tried again after the time Meta names.',
    });
  }
  if (status >= 500 || status === 408 || status < 300) {
    return raise('ambiguous', context, response, {
      ...facts,
      sentence: `Meta's answer to ${context.subject} could not be read (HTTP ${status}).`,
      hint: 'Nothing to do: Meta usually recovers within minutes.',
    });
  }
  return raise('configuration', context, response, {
    ...facts,
    sentence: `${context.subject} did not reach the Graph API: the server answered HTTP ${status} without an error of Meta.`,
    hint: 'Check Graph Base URL and Graph Version in the credential, and any proxy on the way.',
  });
}

/** The error for a call without an answer. */
export function metaTransportError(failure: HttpFailure, context: CallContext): SendError {
  const options = {
    hint: failure.hint ?? 'It can be tried again.',
    cause: failure,
    details: failure.details,
  };
  if (failure.sent === 'maybe' && context.purpose === 'send')
    return unknownOutcome(failure.message, options);
  const isOurs = failure.kind === 'invalid' || failure.kind === 'blocked';
  const retryClass = isOurs ? 'configuration' : 'unavailable';
  const sentence = `Meta could not be reached for ${context.subject}: ${failure.message}`;
  return new ProviderError(REASON_OF_CLASS[retryClass], sentence, retryClass, null, null, options);
}

interface Refusal {
  code: number | null;
  subcode: number | null;
  sentence: string;
  hint: string;
  details: Record<string, unknown>;
}

function raise(
  retryClass: RetryClass,
  context: CallContext,
  response: AnswerFacts,
  { code, subcode, sentence, hint, details }: Refusal,
): SendError {
  const options = { hint, details };
  switch (retryClass) {
    case 'token':
      return new TokenExpiredError(sentence, options);
    case 'rate':
      return new RateLimitedError(sentence, waitAfterThrottle(response.headers), 0, options);
    case 'ambiguous':
      return context.purpose === 'send'
        ? unknownOutcome(sentence, options)
        : new ProviderError(
            'provider_unavailable',
            sentence,
            'unavailable',
            code,
            subcode,
            options,
          );
    default:
      return new ProviderError(
        REASON_OF_CLASS[retryClass],
        sentence,
        retryClass,
        code,
        subcode,
        options,
      );
  }
}

/** The hint of a fault is of no use here: what matters is that nobody sends again by hand. */
export function unknownOutcome(
  sentence: string,
  options: { cause?: unknown; details?: Record<string, unknown> } = {},
): OutcomeUnknownError {
  return new OutcomeUnknownError(
    `${sentence} Whether the message was delivered is not known yet.`,
    {
      ...options,
      hint: 'It is not sent again blindly: the conversation is read to find out.',
    },
  );
}

/** Meta's own words without the secrets of the call, and without anything that looks like a token. */
export function redact(
  text: string | null,
  secrets: readonly (string | undefined)[],
): string | null {
  if (text === null) return null;
  const known = secrets.filter((secret) => secret !== undefined && secret !== '');
  return known
    .reduce<string>((rest, secret) => rest.replaceAll(secret as string, '***'), text)
    .replace(/\b(EAA|IGQ|IGA)[A-Za-z0-9_-]{16,}/g, '***');
}
