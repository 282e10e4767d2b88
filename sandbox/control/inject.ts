import { ControlError } from '../http.ts';
import * as payloads from '../webhooks/payloads.ts';
import { newMessageId } from '../ids.ts';
import {
  addMessage,
  findConversation,
  noteUserAction,
  openConversation,
} from '../world/threads.ts';
import { injectComment } from './injectComment.ts';
import { OTHER_KINDS } from './injectOther.ts';
import {
  arrivalOf,
  injectHumanAnswer,
  injectMessage,
  MESSAGE_KEYS,
  type Injected,
} from './injectMessage.ts';
import {
  DELIVERY_KEYS,
  deliveryOptions,
  onlyFields,
  optionalBoolean,
  optionalObject,
  optionalText,
  persona as readPersona,
  text,
} from './read.ts';
import { WHATSAPP_KINDS } from '../whatsapp/inject.ts';
import type { WhatsAppInjected } from '../whatsapp/injectScope.ts';
import type { Context } from '../context.ts';
import type { Message, Persona } from '../model.ts';

type Injector = (context: Context, persona: Persona, body: Record<string, unknown>) => Injected;
type Kinds = Record<
  string,
  { keys: readonly string[]; run: (...of: Parameters<Injector>) => WhatsAppInjected }
>;

/** Kinds of `POST /_sandbox/inject` and the fields each takes besides the common ones. */
const KINDS: Record<string, { keys: readonly string[]; run: Injector }> = {
  message: { keys: MESSAGE_KEYS, run: injectMessage },
  humanAnswer: { keys: ['text', 'attachments', 'replyTo'], run: injectHumanAnswer },
  postback: { keys: ['title', 'payload', 'referral'], run: injectPostback },
  reaction: { keys: ['mid', 'reaction', 'emoji'], run: injectReaction('react') },
  unreaction: { keys: ['mid', 'reaction', 'emoji'], run: injectReaction('unreact') },
  edit: { keys: ['mid', 'text'], run: injectEdit },
  unsend: { keys: ['mid'], run: injectUnsend },
  referral: { keys: ['referral'], run: injectReferral },
  comment: {
    keys: [
      'text',
      'mediaId',
      'postId',
      'commentId',
      'live',
      'visitorPost',
      'flat',
      'parentId',
      'ad',
      'verb',
    ],
    run: injectComment,
  },
  ...OTHER_KINDS,
};

/** `POST /_sandbox/inject`: a person does something; the answer names message, event and deliveries. */
export function inject(context: Context, body: Record<string, unknown>): Record<string, unknown> {
  const kindName = optionalText(body, 'kind') ?? 'message';
  const persona = readPersona(context.store.state, body);
  const kinds = kindsFor(context, persona);
  const kind = kinds[kindName];
  if (kind === undefined) {
    throw new ControlError(`kind must be one of ${Object.keys(kinds).join(', ')}.`);
  }
  onlyFields(body, ['kind', 'channel', 'persona', 'silent', ...DELIVERY_KEYS, ...kind.keys]);
  const options = deliveryOptions(body);
  const injected = kind.run(context, persona, body);
  // A webhook that the vendor never made: the Conversations API alone knows of it.
  const queued =
    optionalBoolean(body, 'silent') === true
      ? { deliveryIds: [], notDelivered: ['it was to be silent'] }
      : 'queued' in injected
        ? injected.queued
        : context.webhooks.enqueue(injected.event, options);
  context.store.changed();
  return {
    ...(injected.mid === undefined ? {} : { mid: injected.mid }),
    personaId: persona.id,
    ...queued,
  };
}

/** The kinds of the person's channel. */
function kindsFor(context: Context, persona: Persona): Kinds {
  if (persona.channel !== 'whatsapp') return KINDS;
  const number = context.store.state.whatsApp.numbers[persona.accountId];
  if (number === undefined) throw new ControlError(`There is no number ${persona.accountId}.`, 404);
  return Object.fromEntries(
    Object.entries(WHATSAPP_KINDS).map(([name, { keys, run }]) => [
      name,
      { keys, run: (_context, _persona, body) => run({ context, number, persona, body }) },
    ]),
  );
}

function injectPostback(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const { store, phones } = context;
  const now = store.now();
  const title = text(body, 'title');
  const payload = text(body, 'payload');
  const referral = optionalObject(body, 'referral') ?? arrivalOf(context, persona, body);
  if (deliveryOptions(body).badSignature === true) {
    const mid = newMessageId(persona.channel);
    return {
      mid,
      event: payloads.postback(payloads.partiesWith(persona, now), { mid, title, payload }),
    };
  }
  const conversation = openConversation(store.state, persona, now);
  const message = addMessage(store.state, conversation, now, {
    direction: 'in',
    text: title,
    postback: { title, payload },
    ...(referral === undefined ? {} : { referral }),
  });
  noteUserAction(conversation, persona, message.createdAt);
  phones.messageChanged(message);
  return {
    mid: message.mid,
    event: payloads.postback(payloads.partiesOf(message), {
      mid: message.mid,
      title,
      payload,
      ...(referral === undefined ? {} : { referral }),
    }),
  };
}

function injectReaction(action: 'react' | 'unreact'): Injector {
  return (context, persona, body) => {
    const { store, phones } = context;
    const message = ownMessage(context, persona, body);
    const reaction = optionalText(body, 'reaction') ?? 'love';
    const emoji = optionalText(body, 'emoji') ?? '❤️';
    message.reactions = message.reactions.filter((item) => item.by !== 'persona');
    if (action === 'react') message.reactions.push({ by: 'persona', reaction, emoji });
    const now = store.now();
    const conversation = store.state.conversations[message.conversationId];
    if (conversation !== undefined) noteUserAction(conversation, persona, now);
    phones.messageChanged(message);
    const { mid } = message;
    const parties = payloads.partiesWith(persona, now);
    return { mid, event: payloads.reaction(parties, { mid, action, reaction, emoji }) };
  };
}

function injectEdit(context: Context, persona: Persona, body: Record<string, unknown>): Injected {
  const message = ownMessage(context, persona, body);
  message.text = text(body, 'text');
  message.edits += 1;
  context.phones.messageChanged(message);
  const content = { mid: message.mid, text: message.text, num_edit: message.edits };
  const parties = payloads.partiesWith(persona, context.store.now());
  return { mid: message.mid, event: payloads.edited(parties, content) };
}

function injectUnsend(context: Context, persona: Persona, body: Record<string, unknown>): Injected {
  const message = ownMessage(context, persona, body);
  message.isDeleted = true;
  context.phones.messageChanged(message);
  const parties = payloads.partiesWith(persona, context.store.now());
  return { mid: message.mid, event: payloads.unsent(parties, message.mid) };
}

/** A link into the thread; it renews the window only where a thread exists (section B.5). */
function injectReferral(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const { store } = context;
  const now = store.now();
  const conversation = findConversation(store.state, persona.id);
  if (conversation !== undefined) noteUserAction(conversation, persona, now);
  const source = persona.channel === 'messenger' ? 'SHORTLINK' : 'SHORTLINKS';
  const content = optionalObject(body, 'referral') ?? {
    ref: 'bio-link',
    source,
    type: 'OPEN_THREAD',
  };
  return { event: payloads.referral(payloads.partiesWith(persona, now), content) };
}

function ownMessage(context: Context, persona: Persona, body: Record<string, unknown>): Message {
  const mid = text(body, 'mid');
  const message = context.store.state.messages[mid];
  if (message?.personaId !== persona.id) {
    throw new ControlError(
      `There is no message ${mid} in the conversation with ${persona.id}.`,
      404,
    );
  }
  return message;
}
