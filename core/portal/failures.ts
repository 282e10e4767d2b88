import { OmnichannelError, type ErrorOptions } from '../model';

/**
 * Everything that can go wrong on the hosted pages. The page has a plain text and a way on for each code, in every
 * language; the sentence here is for whoever reads the answer itself.
 */
export const FAILURES = {
  link_invalid: {
    status: 401,
    message: 'This link is not valid. Ask whoever sent it for a new one.',
  },
  link_expired: {
    status: 401,
    message: 'This link has expired. Ask whoever sent it for a new one.',
  },
  link_revoked: {
    status: 401,
    message: 'This link was withdrawn. Ask whoever sent it for a new one.',
  },
  scope_missing: { status: 403, message: 'This link does not permit that.' },
  too_many_attempts: { status: 429, message: 'Too many attempts. Wait a few minutes.' },
  login_invalid: { status: 400, message: 'This login is not valid. Start again from the page.' },
  login_expired: {
    status: 400,
    message: 'This login took longer than 10 minutes. Start again from the page.',
  },
  login_used: {
    status: 400,
    message: 'This login was used already. Start again from the page if nothing is connected.',
  },
  login_busy: { status: 409, message: 'This login is being finished at this moment.' },
  login_unavailable: {
    status: 400,
    message: 'This page offers no such login. Ask whoever sent the link.',
  },
  consent_refused: { status: 400, message: 'The login was cancelled: nothing was connected.' },
  permission_missing: {
    status: 400,
    message: 'A permission was not given, so messages could not be answered.',
  },
  no_account_found: {
    status: 400,
    message: 'No Page and no professional Instagram account was found in this login.',
  },
  nothing_chosen: { status: 400, message: 'Choose at least one account.' },
  provider_down: { status: 502, message: 'The provider does not answer at present. Try again.' },
  provider_refused: { status: 502, message: 'The provider refused the login. Try again.' },
  app_misconfigured: {
    status: 502,
    message: 'The provider refused the app of this page. Tell whoever sent the link.',
  },
  hub_down: { status: 502, message: 'NotificaMe does not answer at present. Try again.' },
  hub_refused: {
    status: 502,
    message: 'NotificaMe refused the access of this page. Tell whoever sent the link.',
  },
  hub_nothing_found: {
    status: 400,
    message: 'NotificaMe told of no new account within 10 minutes.',
  },
  account_unusable: { status: 409, message: 'The account cannot be used at present.' },
  not_found: { status: 404, message: 'There is no such thing here.' },
  request_invalid: { status: 400, message: 'The request could not be understood.' },
  store_away: { status: 503, message: 'The page cannot reach its data at present. Try again.' },
  internal: { status: 500, message: 'Something went wrong. Try again.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type FailureCode = keyof typeof FAILURES;

export function isFailureCode(value: unknown): value is FailureCode {
  return typeof value === 'string' && Object.hasOwn(FAILURES, value);
}

/** Ends a call of the hosted pages with one of their failures. */
export class PortalFailure extends OmnichannelError {
  constructor(
    override readonly code: FailureCode,
    options: ErrorOptions = {},
  ) {
    super(code, FAILURES[code].message, options);
  }

  get status(): number {
    return FAILURES[this.code].status;
  }
}
