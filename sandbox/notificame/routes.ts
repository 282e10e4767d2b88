import type { Reply, Request } from '../http.ts';
import type { Context } from '../context.ts';
import {
  failed,
  invalid,
  ok,
  pageNotFound,
  unknownRoute,
  wrongMethod,
  wrongToken,
} from './answers.ts';
import { connectPage } from './connect.ts';
import { takeFault, withFault } from './faults.ts';
import { bodyOf, sendMessage } from './messages.ts';
import { answerSubscriptions } from './subscriptions.ts';
import { answerTemplates } from './templates.ts';
import type { HubChannel } from './model.ts';

/** Where the hub lives in the sandbox; its own host names lead there too. */
export const HUB_BASE = '/notificame';
export const HUB_HOSTS: readonly string[] = ['api.notificame.com.br', 'hub.notificame.com.br'];

/** Everything of section F.3 that was seen, and nothing of the `/instances` endpoints, which nobody saw. */
export function answerHub(context: Context, request: Request, path: string): Reply {
  if (path === '/v2/oauth/meta/start') return connectPage(context, request);
  const isSend = /^\/v[12]\/channels\/[a-z_]+\/messages$/.test(path) && request.method === 'POST';
  const fault = takeFault(context, isSend);
  if (fault !== null && fault !== 'cutAfter') return withFault(fault);
  const reply = answer(context, request, path);
  return fault === 'cutAfter' ? { status: 200, cut: true } : reply;
}

function answer(context: Context, request: Request, path: string): Reply {
  const version = /^\/(v[12])\//.exec(path)?.[1];
  if (version === undefined) return /^\/v\d+(\/|$)/.test(path) ? pageNotFound() : unknownRoute();
  const company = companyOf(context, request);
  if (company === null) return wrongToken();
  const [first = '', ...rest] = path.slice(4).replace(/\/$/, '').split('/');
  switch (first) {
    case 'channels':
      return answerChannels(context, request, { company, version, rest });
    case 'subscriptions':
      if (version !== 'v1') return pageNotFound();
      return answerSubscriptions(context, request, company, rest[0]);
    case 'templates':
      return answerTemplates(context, request, { company, version, rest });
    case 'resale':
      return ok([]);
    case 'accounts':
      return createAccount(context, request);
    default:
      return unknownRoute();
  }
}

function companyOf({ store }: Context, request: Request): string | null {
  const token = request.headers['x-api-token'];
  return typeof token === 'string' && store.state.notificaMe.companies[token] ? token : null;
}

interface Call {
  company: string;
  version: string;
  rest: string[];
}

function answerChannels(
  context: Context,
  request: Request,
  { company, version, rest }: Call,
): Reply {
  const own = Object.values(context.store.state.notificaMe.channels).filter(
    (one) => one.company === company,
  );
  const [id, what, ...more] = rest;
  if (id === undefined)
    return request.method === 'GET' ? ok(own.map(shown)) : wrongMethod(request.method);
  if (what === 'messages' && more.length === 0) {
    if (request.method !== 'POST') return wrongMethod(request.method);
    return sendMessage(context, request, { company, version, path: id });
  }
  if (what !== undefined) return unknownRoute();
  if (request.method !== 'GET') return wrongMethod(request.method);
  const found = own.find((one) => one.id === id);
  return found ? ok(shown(found)) : failed('Channel not found');
}

function shown({ company: _, ...channel }: HubChannel) {
  return channel;
}

/** `POST /v2/accounts`: the new sub-account's id is its token. */
function createAccount({ store }: Context, request: Request): Reply {
  if (request.method !== 'POST') return wrongMethod(request.method);
  const body = bodyOf(request);
  if (typeof body?.name !== 'string') return invalid('name', 'name is required');
  const token = crypto.randomUUID();
  const channelLimit = Number(body.number_channels ?? 1);
  store.state.notificaMe.companies[token] = { name: body.name, channelLimit };
  store.changed();
  return ok({ CompanyId: token, Status: 'Sucesso' });
}
