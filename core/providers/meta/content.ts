import { InvalidContentError } from '../../model';
import type { Button, Channel, ChannelAbilities, OutboundContent, QuickReply } from '../../model';
import { metaAbilities } from './abilities';
import type { JsonObject } from './json';

/** Names of the panel's fields, as errors show them. */
export const CONTENT_FIELDS = {
  type: 'Message Type',
  text: 'Text',
  image: 'Image URL',
  buttons: 'Buttons',
  quickReplies: 'Quick Replies',
} as const;

const BUTTON_NAMES: Record<Button['type'], string> = {
  postback: 'Postback',
  url: 'Link',
  phone: 'Phone',
};

/**
 * Checks every documented limit of the Send API before a call is made.
 * @throws InvalidContentError naming the field, the limit and what was measured
 */
export function checkMetaContent(channel: Channel, content: OutboundContent): void {
  const can = metaAbilities(channel);
  if (can === undefined || !can.contentTypes.includes(content.type)) {
    throw new InvalidContentError(
      CONTENT_FIELDS.type,
      `Meta cannot send "${content.type}" on ${can?.displayName ?? channel}.`,
    );
  }
  switch (content.type) {
    case 'text':
      checkText(content.text, can);
      return;
    case 'image':
      checkAddress(CONTENT_FIELDS.image, 'The image address', content.url, ['https:']);
      return;
    case 'buttons':
      checkTemplateText(content.text, can);
      checkCount(CONTENT_FIELDS.buttons, 'button', content.buttons.length, can.maxButtons, can);
      content.buttons.forEach((button, index) => checkButton(button, `Button ${index + 1}`, can));
      return;
    case 'quickReplies': {
      const { quickReplies } = content;
      checkText(content.text, can);
      checkCount(
        CONTENT_FIELDS.quickReplies,
        'quick reply',
        quickReplies.length,
        can.maxQuickReplies,
        can,
      );
      quickReplies.forEach((reply, index) =>
        checkQuickReply(reply, `Quick reply ${index + 1}`, can),
      );
    }
  }
}

function checkText(text: string, can: ChannelAbilities): void {
  const { max, unit } = can.textLimit;
  if (text.trim() === '') throw empty(CONTENT_FIELDS.text, 'The text');
  const size = unit === 'bytes' ? Buffer.byteLength(text) : characters(text);
  if (size <= max) return;
  const aside = unit === 'bytes' ? ' (an accented letter counts 2, an emoji 4)' : '';
  throw new InvalidContentError(
    CONTENT_FIELDS.text,
    `The text has ${count(size)} ${unit}; ${can.displayName} allows ${count(max)}${aside}.`,
    { hint: 'Shorten it, or send it as two messages.', details: { size, max, unit } },
  );
}

/** The text beside buttons has a limit of its own. */
function checkTemplateText(text: string, can: ChannelAbilities): void {
  if (text.trim() === '') throw empty(CONTENT_FIELDS.text, 'The text above the buttons');
  checkLength(CONTENT_FIELDS.text, 'The text above the buttons', text, can.buttonTextLimit, can);
}

function checkButton(button: Button, name: string, can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.buttons;
  if (!can.buttonTypes.includes(button.type)) {
    throw new InvalidContentError(
      field,
      `${name} is of type ${BUTTON_NAMES[button.type]}, which ${can.displayName} does not have.`,
      { hint: `Use ${can.buttonTypes.map((type) => BUTTON_NAMES[type]).join(' or ')}.` },
    );
  }
  checkTitle(field, name, button.title, can);
  switch (button.type) {
    case 'postback':
      checkPayload(field, name, button.payload, can);
      return;
    case 'url':
      checkAddress(field, `The address of ${name.toLowerCase()}`, button.url, ['https:', 'http:']);
      return;
    case 'phone':
      if (/^\+\d{6,15}$/.test(button.phone)) return;
      throw new InvalidContentError(
        field,
        `The phone number of ${name.toLowerCase()} is not in international form.`,
        { hint: 'Write it with plus sign and country code, digits only, such as +5511999990000.' },
      );
  }
}

function checkQuickReply(reply: QuickReply, name: string, can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.quickReplies;
  checkTitle(field, name, reply.title, can);
  checkPayload(field, name, reply.payload, can);
  if (reply.imageUrl !== undefined) {
    checkAddress(field, `The image address of ${name.toLowerCase()}`, reply.imageUrl, ['https:']);
  }
}

function checkTitle(field: string, name: string, title: string, can: ChannelAbilities): void {
  if (title.trim() === '') throw empty(field, `The title of ${name.toLowerCase()}`);
  checkLength(field, `The title of ${name.toLowerCase()}`, title, can.maxButtonTitle, can);
}

function checkPayload(field: string, name: string, payload: string, can: ChannelAbilities): void {
  if (payload === '') throw empty(field, `The payload of ${name.toLowerCase()}`);
  checkLength(field, `The payload of ${name.toLowerCase()}`, payload, can.maxPayload, can);
}

function checkLength(
  field: string,
  what: string,
  text: string,
  max: number,
  can: ChannelAbilities,
): void {
  const size = characters(text);
  if (size <= max) return;
  throw new InvalidContentError(
    field,
    `${what} has ${count(size)} characters; ${can.displayName} allows ${count(max)}.`,
    { hint: 'Shorten it.', details: { size, max, unit: 'characters' } },
  );
}

function checkCount(
  field: string,
  what: string,
  size: number,
  max: number,
  can: ChannelAbilities,
): void {
  if (size >= 1 && size <= max) return;
  const plural = what === 'quick reply' ? 'quick replies' : `${what}s`;
  throw new InvalidContentError(
    field,
    size === 0
      ? `There is no ${what}; ${can.displayName} needs 1 to ${max}.`
      : `There are ${size} ${plural}; ${can.displayName} allows ${max}.`,
    {
      hint: size === 0 ? `Add one, or send a plain text.` : 'Remove some.',
      details: { size, max },
    },
  );
}

/** Meta fetches media over https alone; http is let through to this machine, where a sandbox may run. */
function checkAddress(
  field: string,
  what: string,
  address: string,
  schemes: readonly string[],
): void {
  const url = URL.parse(address);
  const isLocal = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url !== null && (schemes.includes(url.protocol) || (isLocal && url.protocol === 'http:')))
    return;
  throw new InvalidContentError(field, `${what} is not a full web address.`, {
    hint: `It must start with ${schemes.map((scheme) => `${scheme}//`).join(' or ')} and be reachable by Meta.`,
  });
}

function empty(field: string, what: string): InvalidContentError {
  return new InvalidContentError(field, `${what} is empty.`, { hint: 'Fill it in.' });
}

/** As people count: an emoji of two UTF-16 units is one. */
function characters(text: string): number {
  return [...text].length;
}

function count(size: number): string {
  return size.toLocaleString('en-US');
}

/** The `message` of the Send API. */
export function toGraphMessage(content: OutboundContent): JsonObject {
  switch (content.type) {
    case 'text':
      return { text: content.text };
    case 'image':
      return { attachment: { type: 'image', payload: { url: content.url } } };
    case 'buttons':
      return {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'button',
            text: content.text,
            buttons: content.buttons.map(toGraphButton),
          },
        },
      };
    case 'quickReplies':
      return { text: content.text, quick_replies: content.quickReplies.map(toGraphQuickReply) };
  }
}

function toGraphButton(button: Button): JsonObject {
  const { title } = button;
  switch (button.type) {
    case 'postback':
      return { type: 'postback', title, payload: button.payload };
    case 'url':
      return { type: 'web_url', title, url: button.url };
    case 'phone':
      return { type: 'phone_number', title, payload: button.phone };
  }
}

function toGraphQuickReply({ title, payload, imageUrl }: QuickReply): JsonObject {
  const image = imageUrl === undefined ? {} : { image_url: imageUrl };
  return { content_type: 'text', title, payload, ...image };
}
