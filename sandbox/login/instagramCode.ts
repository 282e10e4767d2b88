import { logCall } from '../graph/log.ts';
import { isSameText, takeCode } from './exchange.ts';
import { issueToken } from './tokens.ts';
import type { Context } from '../context.ts';
import type { Reply, Request } from '../http.ts';
import type { App } from '../model.ts';
import type { AuthorizationCode } from '../loginModel.ts';

const KEYS = ['client_id', 'client_secret', 'grant_type', 'redirect_uri', 'code'];

/** A refusal in the shape of api.instagram.com, which is not the Graph's envelope. */
class CodeError extends Error {}

/** `POST api.instagram.com/oauth/access_token`, form-encoded. Source: section A.4. */
export function answerInstagramCode(context: Context, request: Request, path: string): Reply {
  const started = performance.now();
  let reply: Reply;
  const form = new URLSearchParams(request.body.toString('utf8'));
  try {
    reply = { status: 200, body: exchange(context, request, path, form) };
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    const body = { error_type: 'OAuthException', code: 400, error_message: error.message };
    reply = { status: 400, body };
  }
  const params = {
    client_id: form.get('client_id') ?? '',
    redirect_uri: form.get('redirect_uri') ?? '',
    grant_type: form.get('grant_type') ?? '',
  };
  logCall(context, request, params, reply, performance.now() - started);
  return reply;
}

function exchange(
  context: Context,
  request: Request,
  path: string,
  form: URLSearchParams,
): Record<string, unknown> {
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (path !== '/oauth/access_token' || request.method !== 'POST') {
    throw new CodeError(`sandbox: ${request.method} ${path} is not documented.`);
  }
  if (contentType !== 'application/x-www-form-urlencoded') {
    throw new CodeError('sandbox: the body must be form-encoded.');
  }
  const unknown = [...form.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new CodeError(`sandbox: ${unknown} is not documented here.`);
  const { store } = context;
  const app = authenticate(store.state.apps, form);
  if (form.get('grant_type') !== 'authorization_code') throw new CodeError('Invalid grant_type');
  const code = takeCode(store.state, store.now(), {
    login: 'instagram',
    appId: app.id,
    code: required(form, 'code'),
    redirectUri: required(form, 'redirect_uri'),
  });
  if (code === 'redirect') {
    throw new CodeError('Error validating verification code: redirect_uri is not identical.');
  }
  if (typeof code === 'string') {
    throw new CodeError('Matching code was not found or was already used.');
  }
  const answer = issue(context, app, code);
  store.changed();
  return store.state.settings.instagramCodeAnswer === 'flat' ? answer : { data: [answer] };
}

/** `permissions` is a list in the flat answer and a text in the wrapped one: both are documented. */
function issue(context: Context, app: App, code: AuthorizationCode): Record<string, unknown> {
  const { store } = context;
  const { settings } = store.state;
  const token = issueToken(
    store.state,
    store.now(),
    {
      type: 'INSTAGRAM',
      appId: app.id,
      userId: code.userId,
      ...(code.accountId === undefined ? {} : { accountId: code.accountId }),
      scopes: [...code.scopes],
      isLongLived: false,
    },
    settings.instagramShortTokenSeconds,
  );
  const isFlat = settings.instagramCodeAnswer === 'flat';
  return {
    access_token: token.value,
    user_id: code.userId,
    permissions: isFlat ? code.scopes : code.scopes.join(','),
  };
}

function authenticate(apps: Record<string, App>, form: URLSearchParams): App {
  const id = required(form, 'client_id');
  const secret = required(form, 'client_secret');
  const app = Object.values(apps).find((item) => item.instagram.id === id);
  if (app === undefined) throw new CodeError('Invalid platform app');
  if (!isSameText(secret, app.instagram.secret)) {
    throw new CodeError('Error validating client secret.');
  }
  return app;
}

function required(form: URLSearchParams, key: string): string {
  const value = form.get(key);
  if (value === null || value === '') throw new CodeError(`You must provide a ${key}`);
  return value;
}
