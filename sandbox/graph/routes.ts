import {
  debugToken,
  listAccounts,
  pageOfSegment,
  readInstagramAccount,
  readMe,
  readPage,
} from './accounts.ts';
import { actorOfPage } from './actor.ts';
import { uploadAttachment } from './attachments.ts';
import { listConversations, readConversation, readMessage } from './conversations.ts';
import {
  allowMethods as allow,
  GraphError,
  undocumented,
  unknownObject,
  unknownPath,
} from './errors.ts';
import { userPermissions } from '../login/permissions.ts';
import { sendMessage, type Accepted } from './messages.ts';
import { messengerProfile } from './messengerProfile.ts';
import { moderateConversations } from './moderation.ts';
import { readProfile } from './profile.ts';
import { appSubscriptions, subscribedApps } from './subscriptions.ts';
import { pageOfToken, type GraphCall } from './call.ts';
import { refuseWhatsAppFile } from './multipart.ts';
import { answerWhatsApp } from '../whatsapp/routes.ts';
import type { Page } from '../model.ts';

type Answer = Record<string, unknown>;

/** Routes of graph.facebook.com that the sandbox offers. */
export async function answerFacebook(call: GraphCall, withEcho: boolean): Promise<Accepted> {
  const ofWhatsApp = await answerWhatsApp(call);
  if (ofWhatsApp !== undefined) return ofWhatsApp;
  refuseWhatsAppFile(call);
  const [first = '', second, third] = call.segments;
  if (first === 'me' && second === 'permissions' && call.segments.length <= 3) {
    allow(call, ['GET', 'DELETE']);
    return { answer: userPermissions(call, third) };
  }
  if (third !== undefined) throw unknownPath(call);
  if (second === undefined) return { answer: readNode(call, first) };
  if (first === 'me' && second === 'accounts') {
    allow(call, ['GET']);
    return { answer: listAccounts(call) };
  }
  const app = call.context.store.state.apps[first];
  if (app !== undefined && second === 'subscriptions') {
    allow(call, ['GET', 'POST', 'DELETE']);
    if (app.id !== call.app.id) throw unknownObject(call.method, first);
    return { answer: await appSubscriptions(call, app) };
  }
  const page = pageOfSegment(call, first);
  if (page === undefined)
    throw first === 'me' ? pageTokenRequired() : unknownObject(call.method, first);
  if (call.token?.type !== 'PAGE') throw pageTokenRequired();
  return onPage(call, page, second, withEcho);
}

async function onPage(
  call: GraphCall,
  page: Page,
  edge: string,
  withEcho: boolean,
): Promise<Accepted> {
  switch (edge) {
    case 'messages':
      allow(call, ['POST']);
      return sendMessage(call, actorOfPage(page), withEcho);
    case 'conversations':
      allow(call, ['GET']);
      return { answer: listConversations(call, actorOfPage(page)) };
    case 'subscribed_apps':
      allow(call, ['GET', 'POST', 'DELETE']);
      return { answer: subscribedApps(call, page) };
    case 'message_attachments':
      allow(call, ['POST']);
      return { answer: await uploadAttachment(call, page) };
    case 'messenger_profile':
      allow(call, ['GET', 'POST', 'DELETE']);
      return { answer: messengerProfile(call, actorOfPage(page)) };
    case 'moderate_conversations':
      allow(call, ['POST']);
      return { answer: moderateConversations(call, page) };
    default:
      throw unknownPath(call);
  }
}

function readNode(call: GraphCall, id: string): Answer {
  allow(call, ['GET']);
  if (id === 'debug_token') return debugToken(call);
  if (call.token === undefined) throw undocumented(`an app token cannot read ${id}.`);
  if (id === 'me') return readMe(call);
  const page = pageOfSegment(call, id);
  if (page !== undefined) return readPage(call, page);
  const own = pageOfToken(call);
  const { state } = call.context.store;
  const conversation = state.conversations[id];
  const message = state.messages[id];
  const persona = state.personas[id];
  if (own === undefined) throw unknownObject(call.method, id);
  if (conversation !== undefined) return readConversation(call, actorOfPage(own), conversation);
  if (message !== undefined) return readMessage(call, actorOfPage(own), message);
  if (persona !== undefined) return readProfile(call, actorOfPage(own), persona);
  const account = state.instagramAccounts[id];
  if (account !== undefined && own.instagramAccountId === id) {
    return readInstagramAccount(call, account);
  }
  if (/^[a-z.]+$/i.test(id)) {
    throw new GraphError({
      code: 803,
      message: `(#803) Some of the aliases you requested do not exist: ${id}`,
    });
  }
  throw unknownObject(call.method, id);
}

function pageTokenRequired(): GraphError {
  return new GraphError({
    code: 210,
    message: '(#210) A page access token is required to request this resource.',
  });
}
