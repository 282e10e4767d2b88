import { ControlError, isRecord } from '../http.ts';
import * as read from '../control/read.ts';
import { addIncoming, messageOf, type InjectScope, type WhatsAppInjector } from './injectScope.ts';
import type { Injected } from '../control/injectMessage.ts';
import type { Message } from '../model.ts';

type Json = Record<string, unknown>;

/** Taps on what the clinic sent: each must be there to be tapped. */
export const REPLY_KINDS: Record<string, { keys: readonly string[]; run: WhatsAppInjector }> = {
  buttonReply: { keys: ['mid', 'id'], run: injectButtonReply },
  listReply: { keys: ['mid', 'id'], run: injectListReply },
  templateReply: { keys: ['mid', 'index', 'card'], run: injectTemplateReply },
  flowReply: { keys: ['mid', 'response'], run: injectFlowReply },
};

function reply(scope: InjectScope, of: Message, text: string, content: Json): Injected {
  const { number } = scope;
  const type = String(content.type);
  const added = addIncoming(scope, {
    text,
    replyTo: { mid: of.mid },
    whatsApp: { type, content: content[type] },
  });
  return added({ context: { from: number.digits, id: of.mid }, ...content });
}

/** Sample: wa_interactive_button_reply. */
function injectButtonReply(scope: InjectScope): Injected {
  const message = messageOf(scope);
  const id = read.text(scope.body, 'id');
  const found = listOf(actionOf(message, 'button').buttons)
    .map((button) => (isRecord(button) && isRecord(button.reply) ? button.reply : {}))
    .find((item) => item.id === id);
  if (found === undefined) throw new ControlError(`The message has no button ${id}.`, 404);
  return reply(scope, message, String(found.title), {
    type: 'interactive',
    interactive: { type: 'button_reply', button_reply: { id, title: found.title } },
  });
}

/** Sample: wa_interactive_list_reply. */
function injectListReply(scope: InjectScope): Injected {
  const message = messageOf(scope);
  const id = read.text(scope.body, 'id');
  const row = listOf(actionOf(message, 'list').sections)
    .flatMap((section) => (isRecord(section) ? listOf(section.rows) : []))
    .find((item) => isRecord(item) && item.id === id);
  if (!isRecord(row)) throw new ControlError(`The list has no row ${id}.`, 404);
  const { title, description } = row;
  return reply(scope, message, String(title), {
    type: 'interactive',
    interactive: {
      type: 'list_reply',
      list_reply: { id, title, ...(description === undefined ? {} : { description }) },
    },
  });
}

/** A tap on a quick reply of a template, by its place; `card` is the place of a carousel's card. Sample: wa_button_template_quick_reply. */
function injectTemplateReply(scope: InjectScope): Injected {
  const message = messageOf(scope);
  const { rendered } = message.whatsApp ?? {};
  const card = read.optionalNumber(scope.body, 'card');
  const face = card === undefined ? rendered : rendered?.cards[card];
  const button = face?.buttons[read.optionalNumber(scope.body, 'index') ?? 0];
  if (button?.type !== 'QUICK_REPLY') {
    throw new ControlError('The template has no quick reply there.', 404);
  }
  const { text, payload } = button;
  return reply(scope, message, text, {
    type: 'button',
    button: { payload: payload ?? text, text },
  });
}

/** A form that was filled in. Sample: wa_interactive_flow_reply. */
function injectFlowReply(scope: InjectScope): Injected {
  const message = messageOf(scope);
  const { parameters } = actionOf(message, 'flow');
  const token = isRecord(parameters) ? parameters.flow_token : undefined;
  const response = {
    ...read.optionalObject(scope.body, 'response'),
    flow_token: token ?? 'unused',
  };
  return reply(scope, message, 'Sent', {
    type: 'interactive',
    interactive: {
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', body: 'Sent', response_json: JSON.stringify(response) },
    },
  });
}

function actionOf(message: Message, type: string): Json {
  const content = message.whatsApp?.content;
  if (!isRecord(content) || content.type !== type || !isRecord(content.action)) {
    throw new ControlError(`The message is no ${type}.`);
  }
  return content.action;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
