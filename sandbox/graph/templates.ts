import { checkButtons } from './buttons.ts';
import { badParameter, undocumented } from './errors.ts';
import {
  asList,
  asObject,
  oneOf,
  onlyKeys,
  optionalText,
  requiredText,
  webAddress,
} from './validation.ts';
import type { Channel } from '../model.ts';

const TEMPLATE_KINDS: Record<Channel, readonly string[]> = {
  messenger: [
    'generic',
    'button',
    'media',
    'product',
    'receipt',
    'coupon',
    'customer_feedback',
    'structured_information',
  ],
  instagram: ['generic', 'button', 'product'],
  whatsapp: [],
};

/** Checks the payload of a template attachment against the rows of section B.2. */
export function checkTemplate(
  payload: Record<string, unknown>,
  channel: Channel,
  path: string,
): void {
  const kind = oneOf(payload.template_type, TEMPLATE_KINDS[channel], `${path}.template_type`);
  switch (kind) {
    case 'generic':
      return checkGeneric(payload, channel, path);
    case 'button':
      onlyKeys(payload, ['template_type', 'text', 'buttons'], path);
      requiredText(payload, 'text', path, 640);
      return checkButtons(payload.buttons, channel, `${path}.buttons`, 1, 3);
    case 'media':
      return checkMediaTemplate(payload, channel, path);
    case 'product':
      onlyKeys(payload, ['template_type', 'elements'], path);
      asList(payload.elements, `${path}.elements`, 1, 10).forEach((item, index) => {
        const place = `${path}.elements[${index}]`;
        const element = asObject(item, place);
        onlyKeys(element, ['id'], place);
        requiredText(element, 'id', place);
      });
      return;
    case 'customer_feedback':
      // Its fields are in no document the sandbox follows: taken as they are.
      return;
    default:
      throw undocumented(
        `the ${kind} template exists on Messenger, but its fields are in no document the sandbox follows.`,
      );
  }
}

function checkGeneric(payload: Record<string, unknown>, channel: Channel, path: string): void {
  onlyKeys(payload, ['template_type', 'elements'], path);
  asList(payload.elements, `${path}.elements`, 1, 10).forEach((item, index) => {
    const place = `${path}.elements[${index}]`;
    const element = asObject(item, place);
    const allowed = ['title', 'subtitle', 'image_url', 'default_action', 'buttons'];
    onlyKeys(element, allowed, place);
    requiredText(element, 'title', place, 80);
    optionalText(element, 'subtitle', place, 80);
    if (element.image_url !== undefined) webAddress(element, 'image_url', place);
    if (element.default_action !== undefined) checkDefaultAction(element.default_action, place);
    if (element.buttons !== undefined) {
      checkButtons(element.buttons, channel, `${place}.buttons`, 1, 3);
    }
    if (Object.keys(element).length < 2) {
      throw badParameter(`Param ${place} needs title and at least one more field.`);
    }
  });
}

function checkDefaultAction(value: unknown, path: string): void {
  const place = `${path}.default_action`;
  const action = asObject(value, place);
  oneOf(action.type, ['web_url'], `${place}.type`);
  onlyKeys(action, ['type', 'url'], place);
  webAddress(action, 'url', place);
}

function checkMediaTemplate(
  payload: Record<string, unknown>,
  channel: Channel,
  path: string,
): void {
  onlyKeys(payload, ['template_type', 'elements'], path);
  const place = `${path}.elements[0]`;
  const [item] = asList(payload.elements, `${path}.elements`, 1, 1);
  const element = asObject(item, place);
  onlyKeys(element, ['media_type', 'url', 'attachment_id', 'buttons'], place);
  oneOf(element.media_type, ['image', 'video'], `${place}.media_type`);
  if ((element.url === undefined) === (element.attachment_id === undefined)) {
    throw badParameter(`Param ${place} needs exactly one of url and attachment_id.`);
  }
  if (element.url !== undefined) {
    const { hostname } = new URL(webAddress(element, 'url', place));
    if (hostname !== 'facebook.com' && !hostname.endsWith('.facebook.com')) {
      throw badParameter(`Param ${place}.url must be a facebook.com URL.`);
    }
  } else {
    requiredText(element, 'attachment_id', place);
  }
  if (element.buttons !== undefined) {
    checkButtons(element.buttons, channel, `${place}.buttons`, 1, 1);
  }
}
