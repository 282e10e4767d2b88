import { InvalidContentError } from '../../model';
import type { Button, ChannelAbilities, QuickReply } from '../../model';
import { CONTENT_FIELDS } from './fields';
import { checkAddress, checkCount, checkLength, checkText, empty } from './measure';

const BUTTON_NAMES: Record<Button['type'], string> = {
  postback: 'Answer',
  url: 'Open a Page',
  phone: 'Call a Number',
};

const REPLY_NAMES: Record<NonNullable<QuickReply['kind']>, string> = {
  text: 'Answer',
  phone: 'Ask for Phone Number',
  email: 'Ask for Email',
};

const MANY_BUTTONS = ['button', 'buttons'] as const;
const MANY_REPLIES = ['quick reply', 'quick replies'] as const;

/** @param of where the buttons hang: ` of card 2`, or nothing */
export function checkButtons(
  buttons: readonly Button[],
  max: number,
  can: ChannelAbilities,
  { field = CONTENT_FIELDS.buttons, of = '' }: { field?: string; of?: string } = {},
): void {
  checkCount(field, MANY_BUTTONS, buttons.length, max, can);
  buttons.forEach((button, index) => checkButton(button, field, `button ${index + 1}${of}`, can));
}

function checkButton(button: Button, field: string, name: string, can: ChannelAbilities): void {
  if (!can.buttonTypes.includes(button.type)) {
    throw new InvalidContentError(
      field,
      `${capital(name)} is of the kind "${BUTTON_NAMES[button.type]}", which ${can.displayName} does not have.`,
      { hint: `Use ${quoted(can.buttonTypes.map((type) => BUTTON_NAMES[type]))}.` },
    );
  }
  checkText(field, `The label of ${name}`, button.title, can.maxButtonTitle, can);
  switch (button.type) {
    case 'postback':
      checkPayload(field, name, button.payload, can);
      return;
    case 'url':
      checkAddress(field, `The address of ${name}`, button.url, ['https:', 'http:']);
      return;
    case 'phone':
      if (/^\+\d{6,15}$/.test(button.phone)) return;
      throw new InvalidContentError(
        field,
        `The phone number of ${name} is not in international form.`,
        { hint: 'Write it with plus sign and country code, digits only, such as +5511999990000.' },
      );
  }
}

export function checkQuickReplies(replies: readonly QuickReply[], can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.quickReplies;
  checkCount(field, MANY_REPLIES, replies.length, can.maxQuickReplies, can);
  replies.forEach((reply, index) => checkQuickReply(reply, `quick reply ${index + 1}`, can));
}

function checkQuickReply(reply: QuickReply, name: string, can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.quickReplies;
  const kind = reply.kind ?? 'text';
  if (!can.quickReplyKinds.includes(kind)) {
    throw new InvalidContentError(
      field,
      `${capital(name)} is of the kind "${REPLY_NAMES[kind]}", which ${can.displayName} does not have.`,
      { hint: `Use ${quoted(can.quickReplyKinds.map((one) => REPLY_NAMES[one]))}.` },
    );
  }
  if (!('title' in reply)) return;
  checkText(field, `The label of ${name}`, reply.title, can.maxButtonTitle, can);
  checkPayload(field, name, reply.payload, can);
  if (reply.imageUrl !== undefined) {
    checkAddress(field, `The image address of ${name}`, reply.imageUrl);
  }
}

function checkPayload(field: string, name: string, payload: string, can: ChannelAbilities): void {
  if (payload === '') throw empty(field, `The payload of ${name}`);
  checkLength(field, `The payload of ${name}`, payload, can.maxPayload, can);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}
