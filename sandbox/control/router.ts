import { ControlError, readControlBody, type Reply, type Request } from '../http.ts';
import { avatarSvg } from '../phone/avatar.ts';
import { avatarPng } from '../phone/avatarPng.ts';
import { changeSettings, describeSeed, resetWorld } from './world.ts';
import { moveClock } from './clock.ts';
import { addApp, addPage, addPersona, changeApp, updateAccount, updatePersona } from './assets.ts';
import { inject } from './inject.ts';
import {
  countSends,
  findDelivery,
  listDeliveries,
  listMessages,
  redeliver,
  viewThread,
  waitForDeliveries,
} from './observe.ts';
import { sendRawWebhook, subscribe, unsubscribe } from './subscriptions.ts';
import { readMedia, readUpload, storeMedia } from './media.ts';
import {
  addPost,
  arrive,
  changePost,
  listAccounts,
  listComments,
  listPosts,
  postPicture,
} from './posts.ts';
import { changeUsage } from './usage.ts';
import {
  addToken,
  addUser,
  changeToken,
  changeUser,
  listDialogs,
  listTokens,
  revokeUser,
  sendCallbacks,
  withdraw,
} from './logins.ts';
import {
  addNumber,
  addTemplate,
  changeNumber,
  patchTemplate,
  readWhatsApp,
} from '../whatsapp/control.ts';
import {
  changeHub,
  faultOnHub,
  postOnHub,
  readHub,
  statusOnHub,
  writeOnHub,
} from '../notificame/control.ts';
import {
  addCalendar,
  addEvent,
  addRefusal,
  cancelEvent,
  changeEvent,
  changeGoogle,
  readGoogle,
  share,
} from '../google/control.ts';
import type { Context } from '../context.ts';

type Handler = (
  context: Context,
  request: Request,
  body: Record<string, unknown>,
  id: string,
) => unknown;

/** Control endpoints: `METHOD /path`, where `:id` stands for one segment. See README.md. */
const ROUTES: Array<[string, Handler]> = [
  ['GET /health', () => ({ ok: true })],
  ['GET /seed', (context) => describeSeed(context)],
  ['POST /reset', (context, _request, body) => resetWorld(context, body)],
  ['GET /settings', (context) => context.store.state.settings],
  ['PATCH /settings', (context, _request, body) => changeSettings(context, body)],
  ['GET /clock', (context) => ({ now: context.store.now() })],
  ['POST /clock', (context, _request, body) => moveClock(context, body)],
  ['POST /apps', (context, _request, body) => addApp(context, body)],
  ['PATCH /apps/:id', (context, _request, body, id) => changeApp(context, id, body)],
  ['POST /pages', (context, _request, body) => addPage(context, body)],
  ['PATCH /accounts/:id', (context, _request, body, id) => updateAccount(context, id, body)],
  ['GET /accounts', (context, request) => listAccounts(context, request.query)],
  ['GET /posts', (context, request) => listPosts(context, request.query)],
  ['POST /posts', (context, _request, body) => addPost(context, body)],
  ['PATCH /posts/:id', (context, _request, body, id) => changePost(context, id, body)],
  ['GET /comments', (context, request) => listComments(context, request.query)],
  ['GET /arrivals', (context) => ({ data: context.store.state.arrivals })],
  ['POST /arrive', (context, _request, body) => arrive(context, body)],
  ['GET /personas', (context) => ({ data: Object.values(context.store.state.personas) })],
  ['POST /personas', (context, _request, body) => addPersona(context, body)],
  ['PATCH /personas/:id', (context, _request, body, id) => updatePersona(context, id, body)],
  ['POST /personas/:id/view', (context, _request, body, id) => viewThread(context, id, body)],
  ['POST /apps/:id/callbacks', (context, _request, body, id) => sendCallbacks(context, id, body)],
  ['GET /users', (context) => ({ data: Object.values(context.store.state.users) })],
  ['POST /users', (context, _request, body) => addUser(context, body)],
  ['PATCH /users/:id', (context, _request, body, id) => changeUser(context, id, body)],
  ['POST /users/:id/revoke', (context, _request, body, id) => revokeUser(context, id, body)],
  ['POST /users/:id/withdraw', (context, _request, body, id) => withdraw(context, id, body)],
  ['GET /dialogs', (context, request) => listDialogs(context, request.query)],
  ['GET /tokens', (context, request) => listTokens(context, request.query)],
  ['POST /tokens', (context, _request, body) => addToken(context, body)],
  ['PATCH /tokens/:id', (context, _request, body, id) => changeToken(context, id, body)],
  [
    'GET /subscriptions',
    (context) => ({
      app: context.store.state.appSubscriptions,
      pages: context.store.state.pageSubscriptions,
      accounts: context.store.state.instagramSubscriptions,
    }),
  ],
  ['POST /subscriptions', (context, _request, body) => subscribe(context, body)],
  ['DELETE /subscriptions', (context, _request, body) => unsubscribe(context, body)],
  ['GET /whatsapp', (context) => readWhatsApp(context)],
  ['POST /whatsapp/numbers', (context, _request, body) => addNumber(context, body)],
  ['PATCH /whatsapp/numbers/:id', (context, _request, body, id) => changeNumber(context, id, body)],
  ['POST /whatsapp/templates', (context, _request, body) => addTemplate(context, body)],
  [
    'PATCH /whatsapp/templates/:id',
    (context, _request, body, id) => patchTemplate(context, id, body),
  ],
  ['GET /notificame', (context) => readHub(context)],
  ['PATCH /notificame', (context, _request, body) => changeHub(context, body)],
  ['POST /notificame/messages', (context, _request, body) => writeOnHub(context, body)],
  ['POST /notificame/statuses', (context, _request, body) => statusOnHub(context, body)],
  ['POST /notificame/posts', (context, _request, body) => postOnHub(context, body)],
  ['POST /notificame/faults', (context, _request, body) => faultOnHub(context, body)],
  ['GET /google', (context) => readGoogle(context)],
  ['PATCH /google', (context, _request, body) => changeGoogle(context, body)],
  ['POST /google/refusals', (context, _request, body) => addRefusal(context, body)],
  ['POST /google/calendars', (context, _request, body) => addCalendar(context, body)],
  ['POST /google/share', (context, _request, body) => share(context, body)],
  ['POST /google/events', (context, _request, body) => addEvent(context, body)],
  ['PATCH /google/events/:id', (context, _request, body, id) => changeEvent(context, id, body)],
  [
    'POST /google/events/:id/cancel',
    (context, _request, body, id) => cancelEvent(context, id, body),
  ],
  ['POST /inject', (context, _request, body) => inject(context, body)],
  ['POST /webhooks', (context, _request, body) => sendRawWebhook(context, body)],
  ['GET /faults', (context) => ({ data: context.faults.list() })],
  ['POST /faults', (context, _request, body) => context.faults.arm(body)],
  [
    'DELETE /faults',
    (context) => {
      context.faults.clear();
      return { ok: true };
    },
  ],
  [
    'POST /faults/:id/release',
    (context, _request, _body, id) => ({
      released: context.faults.release(id),
    }),
  ],
  ['GET /sends', (context, request) => countSends(context, request.query)],
  ['GET /messengerProfiles', (context) => ({ data: context.store.state.messengerProfiles })],
  ['GET /usage', (context) => context.store.state.usage],
  ['PATCH /usage', (context, _request, body) => changeUsage(context, body)],
  ['GET /messages', (context, request) => listMessages(context, request.query)],
  ['GET /conversations', (context) => ({ data: Object.values(context.store.state.conversations) })],
  [
    'GET /calls',
    (context, request) => ({
      data: context.calls.list(
        Number(request.query.get('after') ?? 0),
        request.query.get('path') ?? '',
      ),
    }),
  ],
  ['GET /deliveries', (context, request) => listDeliveries(context, request.query)],
  ['POST /deliveries/wait', (context, _request, body) => waitForDeliveries(context, body)],
  ['GET /deliveries/:id', (context, _request, _body, id) => findDelivery(context, id)],
  ['POST /deliveries/:id/repeat', (context, _request, body, id) => redeliver(context, id, body)],
  ['GET /state', (context) => context.store.state],
];

const COMPILED = ROUTES.map(([route, handler]) => {
  const [method = '', path = ''] = route.split(' ');
  const pattern = new RegExp(`^/_sandbox${path.replace(':id', '([^/]+)')}$`);
  return { method, pattern, handler };
});

/** Answers a control call; refusals are `{ "error": "<sentence>" }`. */
export async function answerControl(context: Context, request: Request): Promise<Reply> {
  const media = answerFiles(context, request);
  if (media !== undefined) return media;
  for (const { method, pattern, handler } of COMPILED) {
    const match = pattern.exec(request.path);
    if (match === null || method !== request.method) continue;
    const body = readControlBody(request);
    const answer = await handler(context, request, body, match[1] ?? '');
    return { status: 200, body: answer };
  }
  throw new ControlError(`There is no control endpoint ${request.method} ${request.path}.`, 404);
}

/** Endpoints whose bodies are not JSON: pictures. */
function answerFiles(context: Context, request: Request): Reply | undefined {
  const { method, path } = request;
  if (method === 'POST' && path === '/_sandbox/media') return storeMedia(context, request);
  if (method !== 'GET') return undefined;
  const [, avatar, kind] = /^\/_sandbox\/avatars\/(\d+)\.(svg|png)$/.exec(path) ?? [];
  if (avatar !== undefined) {
    return kind === 'png' ? avatarPng(context, avatar) : avatarSvg(context, avatar);
  }
  const post = /^\/_sandbox\/pictures\/([\d_]+)\.svg$/.exec(path)?.[1];
  if (post !== undefined) return postPicture(context, post);
  const upload = /^\/_sandbox\/uploads\/(\d+)$/.exec(path)?.[1];
  if (upload !== undefined) return readUpload(context, upload);
  const media = /^\/_sandbox\/media\/([\w-]+)$/.exec(path)?.[1];
  return media === undefined ? undefined : readMedia(context, media);
}
