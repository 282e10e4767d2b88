import { ControlError } from '../http.ts';
import * as payloads from '../webhooks/payloads.ts';
import { noteUserAction, openConversation } from '../world/threads.ts';
import { optionalObject, optionalText, text } from './read.ts';
import type { Context } from '../context.ts';
import type { Persona } from '../model.ts';
import type { Injected } from './injectMessage.ts';

type Injector = (context: Context, persona: Persona, body: Record<string, unknown>) => Injected;

/** Kinds whose content the caller gives, with a default in the sample's shape. */
export const OTHER_KINDS: Record<string, { keys: readonly string[]; run: Injector }> = {
  optin: { keys: ['optin'], run: injectOptin },
  accountLinking: { keys: ['linking'], run: injectAccountLinking },
  passThreadControl: { keys: ['control'], run: injectHandover('pass_thread_control') },
  takeThreadControl: { keys: ['control'], run: injectHandover('take_thread_control') },
  requestThreadControl: { keys: ['control'], run: injectHandover('request_thread_control') },
  appRoles: { keys: ['roles'], run: injectAppRoles },
  policyEnforcement: { keys: ['action', 'reason'], run: injectPolicy },
  mention: { keys: ['mediaId', 'commentId', 'postId', 'text'], run: injectMention },
  storyInsights: { keys: ['insights'], run: injectStoryInsights },
  templateStatus: { keys: ['template'], run: injectTemplateStatus },
  custom: { keys: ['field', 'content'], run: injectOther },
};

function injectOptin(context: Context, persona: Persona, body: Record<string, unknown>): Injected {
  const { store } = context;
  const now = store.now();
  const optin = optionalObject(body, 'optin') ?? {};
  noteUserAction(openConversation(store.state, persona, now), persona, now);
  if (typeof optin.user_ref === 'string') {
    messengerOnly(persona, 'optin with user_ref');
    const pageId = persona.accountId;
    store.state.userRefs[optin.user_ref] = { pageId, personaId: persona.id };
    return { event: payloads.pageEvent(pageId, now, 'messaging_optins', { optin }) };
  }
  return {
    event: payloads.personaEvent(payloads.partiesWith(persona, now), 'messaging_optins', { optin }),
  };
}

function injectAccountLinking(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  messengerOnly(persona, 'accountLinking');
  const content = optionalObject(body, 'linking') ?? {
    status: 'linked',
    authorization_code: 'AUTHCODE_FAKE',
  };
  const parties = payloads.partiesWith(persona, context.store.now());
  const field = 'messaging_account_linking';
  return { event: payloads.personaEvent(parties, field, { account_linking: content }) };
}

function injectHandover(
  kind: 'pass_thread_control' | 'take_thread_control' | 'request_thread_control',
): Injector {
  return (context, persona, body) => {
    const control = optionalObject(body, 'control');
    if (control === undefined) throw new ControlError('Field control is required.');
    return {
      event: payloads.handover(payloads.partiesWith(persona, context.store.now()), kind, control),
    };
  };
}

function injectAppRoles(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  messengerOnly(persona, 'appRoles');
  const roles = optionalObject(body, 'roles');
  if (roles === undefined) throw new ControlError('Field roles is required.');
  const now = context.store.now();
  const content = { app_roles: roles };
  return { event: payloads.pageEvent(persona.accountId, now, 'messaging_handovers', content) };
}

function injectPolicy(context: Context, persona: Persona, body: Record<string, unknown>): Injected {
  messengerOnly(persona, 'policyEnforcement');
  const content = {
    action: optionalText(body, 'action') ?? 'block',
    reason: optionalText(body, 'reason') ?? 'Policy text from Meta',
  };
  const now = context.store.now();
  const field = 'messaging_policy_enforcement';
  return {
    event: payloads.pageEvent(persona.accountId, now, field, { policy_enforcement: content }),
  };
}

function injectMention(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  if (persona.channel === 'instagram') {
    const commentId = optionalText(body, 'commentId');
    const value = {
      media_id: optionalText(body, 'mediaId') ?? '18000000000000007',
      ...(commentId === undefined ? {} : { comment_id: commentId }),
    };
    const flat = context.store.state.settings.flatComments;
    return { event: payloads.change('instagram', persona.accountId, 'mentions', value, flat) };
  }
  return {
    event: payloads.change('page', persona.accountId, 'mention', {
      item: 'post',
      verb: 'add',
      post_id: optionalText(body, 'postId') ?? `${persona.id}_99`,
      sender_name: `${persona.firstName} ${persona.lastName}`,
      sender_id: persona.id,
      message: text(body, 'text'),
      created_time: Math.floor(context.store.now() / 1000),
    }),
  };
}

function injectStoryInsights(
  _context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const insights = optionalObject(body, 'insights');
  if (persona.channel !== 'instagram' || insights === undefined) {
    throw new ControlError('storyInsights needs an Instagram persona and the field insights.');
  }
  return { event: payloads.change('instagram', persona.accountId, 'story_insights', insights) };
}

function injectTemplateStatus(
  _context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  messengerOnly(persona, 'templateStatus');
  const template = optionalObject(body, 'template');
  if (template === undefined) throw new ControlError('Field template is required.');
  const field = 'message_template_status_update';
  return { event: payloads.change('page', persona.accountId, field, template) };
}

/** Any content under any field, for kinds that the vendor may invent tomorrow. */
export function injectOther(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const content = optionalObject(body, 'content');
  if (content === undefined) throw new ControlError('Field content is required.');
  const parties = payloads.partiesWith(persona, context.store.now());
  return { event: payloads.personaEvent(parties, text(body, 'field'), content) };
}

function messengerOnly(persona: Persona, what: string): void {
  if (persona.channel !== 'messenger') throw new ControlError(`${what} exists on Messenger only.`);
}
