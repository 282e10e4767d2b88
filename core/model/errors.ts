import type { SendReason } from './reasons';

export interface ErrorOptions {
  /** What the reader can do next, one plain sentence. */
  hint?: string;
  cause?: unknown;
  /** Facts for programs; never a secret. */
  details?: Record<string, unknown>;
}

/** Base of every error this package raises: a stable code, a plain sentence, and what to do next. */
export class OmnichannelError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** A parameter of a node or function is missing or wrong; `field` is the panel's own name. */
export class InvalidInputError extends OmnichannelError {
  constructor(
    readonly field: string,
    message: string,
    options: ErrorOptions = {},
  ) {
    super('invalid_input', message, options);
  }
}

/** Errors that end a send; `reason` is what the result carries. */
export class SendError extends OmnichannelError {
  constructor(
    readonly reason: SendReason,
    message: string,
    readonly retryable: boolean,
    options: ErrorOptions = {},
  ) {
    super(reason, message, options);
  }
}

/** The content breaks a limit of the channel; raised before any call is made. */
export class InvalidContentError extends SendError {
  constructor(
    readonly field: string,
    message: string,
    options: ErrorOptions = {},
  ) {
    super('invalid_content', message, false, options);
  }
}

export class RateLimitedError extends SendError {
  constructor(
    message: string,
    /** Milliseconds until a new try makes sense. */
    readonly retryAfterMs: number,
    readonly remaining: number,
    options: ErrorOptions = {},
  ) {
    super('rate_limited', message, true, options);
  }
}

export class TokenExpiredError extends SendError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('token_expired', message, false, options);
  }
}

/** How a provider's refusal is to be treated; the provider's folder maps its codes to one of these. */
export type RetryClass =
  | 'window'
  | 'recipient'
  | 'media'
  | 'permission'
  | 'policy'
  | 'token'
  | 'configuration'
  | 'invalid'
  | 'rate'
  | 'unavailable'
  | 'restricted'
  | 'ambiguous';

/** The provider answered with an error of its own. */
export class ProviderError extends SendError {
  /** Milliseconds until the same can go through, where the provider says so; else there is no such property. */
  declare readonly retryAfterMs?: number;

  constructor(
    reason: SendReason,
    message: string,
    readonly retryClass: RetryClass,
    readonly providerCode: number | null,
    readonly providerSubcode: number | null,
    options: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    const { retryAfterMs } = options;
    const passes = retryClass === 'rate' || retryClass === 'unavailable';
    super(reason, message, passes || retryAfterMs !== undefined, options);
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Nobody can know whether the provider accepted the message: the connection was cut after the request
 * left, or the provider answered with a code that does not tell. Never re-sent blindly.
 */
export class OutcomeUnknownError extends SendError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('outcome_unknown', message, false, options);
  }
}

export type StoreErrorCode =
  | 'store_unavailable'
  | 'store_corrupt'
  | 'store_full'
  | 'store_locked'
  | 'store_key_lost'
  | 'store_conflict'
  | 'store_version'
  | 'store_misconfigured'
  | 'store_failed';

/** The store could not do its work. Nothing was acknowledged; the caller may try again where `retryable`. */
export class StoreError extends OmnichannelError {
  constructor(
    override readonly code: StoreErrorCode,
    message: string,
    readonly retryable: boolean,
    options: ErrorOptions = {},
  ) {
    super(code, message, options);
  }
}

/** Asked for a thing that this tenant does not have (or that belongs to another tenant: the answer is the same). */
export class NotFoundError extends OmnichannelError {
  constructor(what: string, id: string, options: ErrorOptions = {}) {
    super('not_found', `${what} "${id}" does not exist here.`, options);
  }
}

/** The sentence for people: message and hint together. */
export function describeError(error: unknown): string {
  if (error instanceof OmnichannelError && error.hint) return `${error.message} ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
