import type { Reply } from '../http.ts';

/*
 * How the hub answers, as an integrator met it (section F.1): failure stands in the body, and the HTTP status says
 * little.
 */

/** An unknown route is a success by its status. */
export function unknownRoute(): Reply {
  const error = {
    message: 'Unsupported request. Please read the documentation.',
    type: 'OAuthException',
    code: 'Hub404',
  };
  return { status: 200, body: { error } };
}

/** A wrong token is 404. */
export function wrongToken(): Reply {
  return {
    status: 404,
    body: {
      code: 'AUTHENTICATION_ERROR',
      message: 'No authorization token was found or it is invalid',
    },
  };
}

export function wrongMethod(method: string): Reply {
  return {
    status: 200,
    body: { code: 'METHOD_NOT_ALLOWED', message: `Method ${method} is not allowed` },
  };
}

/** What a router in front of the hub says of a path that it does not know. */
export function pageNotFound(): Reply {
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' };
}

/** Validation is 422 in one place. */
export function invalid(path: string, message: string): Reply {
  return {
    status: 422,
    body: {
      code: 'VALIDATION_ERROR',
      message: 'Validation error',
      details: [{ code: 'INVALID', path, message }],
    },
  };
}

/** And 200 in another. */
export function failed(message: string): Reply {
  return { status: 200, body: { code: 'ERROR', message } };
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}
