import type { HttpResponse } from '../../http/client';
import type { HttpFailure } from '../../http/failure';
import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
  type RetryClass,
  type SendError,
} from '../../model';
import { REASON_OF_CLASS } from '../meta/errorTable';
import { redact } from '../meta/errors';
import type { HubAnswer } from './answer';

export interface CallContext {
  /** What is asked for, in words that fit "NotificaMe refused …". */
  subject: string;
  /** `send`: the other side may have acted although the answer is missing. */
  purpose: 'send' | 'other';
  /** Never shown. */
  secrets: readonly (string | undefined)[];
}

/** Characters of the hub's own words in a sentence for people. */
const MAX_QUOTE = 300;
/** The hub names no limits and no time to wait. */
const WAIT_MS = 60_000;

const NEXT = {
  token:
    'Copy the API token from NotificaMe into the credential: the token of the sub-account, not of the reseller.',
  address: 'Check Base URL and Channels on /v2 in the credential, and any proxy on the way.',
  content: 'Check what is sent against what the channel allows.',
  channel:
    'Look at the channel in the panel of NotificaMe: it may be disconnected, or the plan be full.',
  wait: 'It can be tried again in a minute.',
} as const;

/** The error for an answer that is no success. */
export function hubError(
  answer: Exclude<HubAnswer, { kind: 'success' }>,
  { status }: Pick<HttpResponse, 'status'>,
  context: CallContext,
): SendError {
  switch (answer.kind) {
    case 'error':
      return ofEnvelope(answer, status, context);
    case 'text':
      return ofText(answer.text, status, context);
    case 'nothing':
      return withoutError(
        `NotificaMe answered ${context.subject} with nothing at all (HTTP ${status}).`,
        status,
        context,
      );
  }
}

function ofEnvelope(
  { code, says }: { code: string | null; says: string | null },
  status: number,
  context: CallContext,
): SendError {
  const [retryClass, next] = classOf(code ?? '', says ?? '', status);
  const words = redact(says, context.secrets);
  const said = words === null ? '' : ` NotificaMe says: "${words.slice(0, MAX_QUOTE)}"`;
  const by = code === null ? `HTTP ${status}` : `code ${code}`;
  return raise(retryClass, `NotificaMe refused ${context.subject} (${by}).${said}`, next, context, {
    status,
    code,
    providerMessage: words,
  });
}

/** Texts that were met are in `notificame` facts: "Invalid company", "Nenhum canal … liberado", "channel limit exceeded". */
function classOf(code: string, says: string, status: number): [RetryClass, string] {
  const tokenIsWrong =
    code === 'AUTHENTICATION_ERROR' || status === 401 || /invalid (company|token)/i.test(says);
  if (tokenIsWrong) return ['token', NEXT.token];
  if (/^(Hub404|METHOD_NOT_ALLOWED|NOT_FOUND)$/i.test(code) && !/channel|canal/i.test(says)) {
    return ['configuration', NEXT.address];
  }
  if (/limit exceeded|nenhum canal|no channel|channel not found|canal/i.test(says)) {
    return ['configuration', NEXT.channel];
  }
  if (status === 429 || /too many requests|rate limit/i.test(says)) return ['rate', NEXT.wait];
  if (status >= 500 || code === 'INTERNAL_ERROR') return ['ambiguous', NEXT.wait];
  if (status === 403) return ['permission', NEXT.token];
  return ['invalid', NEXT.content];
}

function ofText(text: string, status: number, context: CallContext): SendError {
  const words = redact(text, context.secrets)?.slice(0, MAX_QUOTE) ?? '';
  const bare = words
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/404|not found|method not allowed/i.test(bare) && status < 500) {
    return raise(
      'configuration',
      `NotificaMe does not know the address of ${context.subject}: "${bare.slice(0, 100)}" (HTTP ${status}).`,
      NEXT.address,
      context,
      { status },
    );
  }
  return withoutError(
    `NotificaMe answered ${context.subject} with plain text instead of JSON (HTTP ${status}): "${bare.slice(0, 100)}".`,
    status,
    context,
  );
}

/** Neither a success nor a refusal can be read out of it: the status is all there is. */
function withoutError(sentence: string, status: number, context: CallContext): SendError {
  if (status === 429) return raise('rate', sentence, NEXT.wait, context, { status });
  if (status === 401 || status === 403) {
    return raise('token', sentence, NEXT.token, context, { status });
  }
  if (status >= 400 && status < 500) {
    return raise('configuration', sentence, NEXT.address, context, { status });
  }
  return raise('ambiguous', sentence, NEXT.wait, context, { status });
}

function raise(
  retryClass: RetryClass,
  sentence: string,
  hint: string,
  { purpose }: CallContext,
  details: Record<string, unknown>,
): SendError {
  const options = { hint, details };
  switch (retryClass) {
    case 'token':
      return new TokenExpiredError(sentence, options);
    case 'rate':
      return new RateLimitedError(sentence, WAIT_MS, 0, options);
    case 'ambiguous':
      return purpose === 'send'
        ? unknownOutcome(sentence, { details })
        : new ProviderError('provider_unavailable', sentence, 'unavailable', null, null, options);
    default:
      return new ProviderError(
        REASON_OF_CLASS[retryClass],
        sentence,
        retryClass,
        null,
        null,
        options,
      );
  }
}

/** The error for a call without an answer. */
export function hubTransportError(failure: HttpFailure, context: CallContext): SendError {
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
  const sentence = `NotificaMe could not be reached for ${context.subject}: ${failure.message}`;
  return new ProviderError(REASON_OF_CLASS[retryClass], sentence, retryClass, null, null, options);
}

/** Nobody may send again by hand then: the message's status, or its echo, tells. */
export function unknownOutcome(
  sentence: string,
  options: { cause?: unknown; details?: Record<string, unknown> } = {},
): OutcomeUnknownError {
  return new OutcomeUnknownError(`${sentence} Whether the message was accepted is not known yet.`, {
    ...options,
    hint: 'It is not sent again blindly. NotificaMe shows in its panel what it sent.',
  });
}
