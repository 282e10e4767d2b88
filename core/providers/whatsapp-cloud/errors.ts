import type { HttpFailure } from '../../http/failure';
import type { HttpResponse } from '../../http/client';
import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
} from '../../model';
import type { SendError } from '../../model';
import type { CallContext } from '../graph/context';
import { redact } from '../meta/errors';
import { REASON_OF_CLASS } from '../meta/errorTable';
import { asNumber, asObject, asText, parseObject } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { waitAfterThrottle } from '../graph/usage';
import { findWhatsAppError, isRetryable, reasonOf } from './errorTable';
import type { WhatsAppErrorRow } from './errorTable';

/** Characters of Meta's own words in a sentence for people. */
const MAX_QUOTE = 300;

/** An error object of an answer, of a status or of a webhook: what is built on is its code and the details. */
export interface WhatsAppErrorBody {
  code: number;
  /** The most particular of Meta's words. */
  says: string | null;
  isTransient: boolean;
  traceId: string | null;
}

/** Null for what is no error object. */
export function readErrorBody(value: unknown): WhatsAppErrorBody | null {
  const error = asObject(value);
  const code = asNumber(error?.code);
  if (error === null || code === null) return null;
  return {
    code,
    says:
      asText(asObject(error.error_data)?.details) ??
      asText(error.details) ??
      asText(error.error_user_msg) ??
      asText(error.message) ??
      asText(error.title),
    isTransient: error.is_transient === true,
    traceId: asText(error.fbtrace_id),
  };
}

/** Null when the answer holds no error object of Meta's form. */
export function errorOfAnswer(body: JsonObject | null): WhatsAppErrorBody | null {
  return readErrorBody(body?.error);
}

/** The error for an answer that is no success: by its code alone, where it has one. */
export function whatsAppError(response: HttpResponse, context: CallContext): SendError {
  const error = errorOfAnswer(parseObject(response.body.toString('utf8')));
  return error === null ? withoutEnvelope(response, context) : ofEnvelope(error, response, context);
}

/** A success whose body is no JSON object: accepted or not, nobody can tell. */
export function unreadableAnswer(response: HttpResponse, context: CallContext): SendError {
  return withoutEnvelope(response, context);
}

function ofEnvelope(
  error: WhatsAppErrorBody,
  response: HttpResponse,
  context: CallContext,
): SendError {
  const row = rowFor(error, response.status);
  const says = redact(error.says, context.secrets);
  const sentence = `WhatsApp refused ${context.subject}: ${row.cause} (code ${error.code}).${quote(says)}`;
  const details = {
    code: error.code,
    traceId: error.traceId,
    providerMessage: says,
    ...(row.stopsAccount ? { stopsAccount: true } : {}),
    ...(row.ofRecipient ? { ofRecipient: true } : {}),
  };
  return raise(row, { code: error.code, sentence, details, response, context });
}

function quote(says: string | null): string {
  return says === null ? '' : ` Meta says: "${says.slice(0, MAX_QUOTE)}"`;
}

/** A code that the documentation does not know is judged by what is said around it. */
function rowFor({ code, isTransient }: WhatsAppErrorBody, status: number): WhatsAppErrorRow {
  const known = findWhatsAppError(code);
  if (known) return known;
  if (isTransient || status >= 500) {
    return {
      codes: [code],
      retryClass: 'ambiguous',
      cause: 'Meta had a fault of its own',
      next: 'Meta usually recovers within minutes.',
    };
  }
  return {
    codes: [code],
    retryClass: status === 429 ? 'rate' : 'invalid',
    cause: 'it gave a reason that is not documented',
    next: "Look the code up on Meta's page of WhatsApp error codes.",
  };
}

interface Refusal {
  code: number | null;
  sentence: string;
  details: Record<string, unknown>;
  response: Pick<HttpResponse, 'headers'>;
  context: CallContext;
}

function raise(
  row: Pick<WhatsAppErrorRow, 'retryClass' | 'next' | 'reason' | 'waitMs' | 'codes' | 'cause'>,
  { code, sentence, details, response, context }: Refusal,
): SendError {
  const options = { hint: row.next, details };
  switch (row.retryClass) {
    case 'token':
      return new TokenExpiredError(sentence, options);
    case 'rate': {
      const waitMs = row.waitMs ?? waitAfterThrottle(response.headers);
      return new RateLimitedError(sentence, waitMs, 0, options);
    }
    case 'ambiguous':
      return context.purpose === 'send'
        ? unknownOutcome(sentence, { details })
        : new ProviderError('provider_unavailable', sentence, 'unavailable', code, null, options);
    default:
      return new ProviderError(reasonOf(row), sentence, row.retryClass, code, null, {
        ...options,
        ...(row.waitMs === undefined ? {} : { retryAfterMs: row.waitMs }),
      });
  }
}

function withoutEnvelope(response: HttpResponse, context: CallContext): SendError {
  const { status } = response;
  const refusal = { code: null, details: { status }, response, context };
  const row = { codes: [], cause: '' };
  if (status === 401) {
    return raise(
      { ...row, retryClass: 'token', next: 'Make a new token and put it into the credential.' },
      { ...refusal, sentence: `WhatsApp refused ${context.subject}: the token was not accepted.` },
    );
  }
  if (status === 429) {
    return raise(
      { ...row, retryClass: 'rate', next: 'It is tried again after the time Meta names.' },
      { ...refusal, sentence: `WhatsApp refused ${context.subject}: too many calls (HTTP 429).` },
    );
  }
  if (status >= 500 || status === 408 || status < 300) {
    return raise(
      { ...row, retryClass: 'ambiguous', next: 'Meta usually recovers within minutes.' },
      {
        ...refusal,
        sentence: `WhatsApp's answer to ${context.subject} could not be read (HTTP ${status}).`,
      },
    );
  }
  return raise(
    {
      ...row,
      retryClass: 'configuration',
      next: 'Check Graph Base URL and Graph Version in the credential, and any proxy on the way.',
    },
    {
      ...refusal,
      sentence: `${context.subject} did not reach the Cloud API: the server answered HTTP ${status} without an error of Meta.`,
    },
  );
}

/** The error for a call without an answer. */
export function whatsAppTransportError(failure: HttpFailure, context: CallContext): SendError {
  const options = {
    hint: failure.hint ?? 'It can be tried again.',
    cause: failure,
    details: failure.details,
  };
  if (failure.sent === 'maybe' && context.purpose === 'send') {
    return unknownOutcome(failure.message, options);
  }
  const isOurs = failure.kind === 'invalid' || failure.kind === 'blocked';
  const retryClass = isOurs ? 'configuration' : 'unavailable';
  const sentence = `WhatsApp could not be reached for ${context.subject}: ${failure.message}`;
  return new ProviderError(REASON_OF_CLASS[retryClass], sentence, retryClass, null, null, options);
}

/** Only what matters then: nobody may send again by hand, and what tells is on its way. */
export function unknownOutcome(
  sentence: string,
  options: { cause?: unknown; details?: Record<string, unknown> } = {},
): OutcomeUnknownError {
  return new OutcomeUnknownError(`${sentence} Whether the message was accepted is not known yet.`, {
    ...options,
    hint: 'It is not sent again blindly: its status report will tell.',
  });
}

/** Why a message that WhatsApp had accepted did not arrive, as its status (or the account) tells it. */
export interface Failure {
  code: number;
  /** What a send's result would say. */
  reason: ReturnType<typeof reasonOf>;
  /** For people: what happened and what to do next. */
  detail: string;
  retryable: boolean;
  /** Milliseconds, where Meta says how long to wait. */
  retryAfterMs?: number;
  stopsAccount: boolean;
}

/**
 * The same table for errors that come later, by webhook.
 * @param subject begins the sentence: `The message`
 */
export function failureOf(value: unknown, subject: string): Failure | null {
  const error = readErrorBody(value);
  if (error === null) return null;
  const row = rowFor(error, 400);
  return {
    code: error.code,
    reason: reasonOf(row),
    detail: `${subject} failed: ${row.cause} (code ${error.code}).${quote(error.says)} ${row.next}`,
    retryable: isRetryable(row),
    ...(row.waitMs === undefined ? {} : { retryAfterMs: row.waitMs }),
    stopsAccount: row.stopsAccount === true,
  };
}
