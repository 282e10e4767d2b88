import {
  asList,
  asObject,
  oneOf,
  onlyKeys,
  optionalText,
  requiredText,
  webAddress,
} from './validation.ts';
import { badParameter } from './errors.ts';
import type { Channel } from '../model.ts';

const BUTTON_TITLE_MAX = 20;
const PAYLOAD_MAX = 1000;

/** Button kinds of section B.2. */
const KINDS: Record<Channel, readonly string[]> = {
  messenger: ['web_url', 'postback', 'phone_number', 'account_link', 'game_play'],
  instagram: ['web_url', 'postback'],
  whatsapp: [],
};

/** Checks the buttons of a template: how many, of which kind, with which texts. Source: section B.2. */
export function checkButtons(
  value: unknown,
  channel: Channel,
  path: string,
  min: number,
  max: number,
): void {
  asList(value, path, min, max).forEach((item, index) => {
    checkButton(asObject(item, `${path}[${index}]`), channel, `${path}[${index}]`);
  });
}

function checkButton(button: Record<string, unknown>, channel: Channel, path: string): void {
  const type = oneOf(button.type, KINDS[channel], `${path}.type`);
  switch (type) {
    case 'web_url':
      onlyKeys(button, ['type', 'url', 'title'], path);
      requiredText(button, 'title', path, BUTTON_TITLE_MAX);
      webAddress(button, 'url', path);
      return;
    case 'postback':
      onlyKeys(button, ['type', 'title', 'payload'], path);
      requiredText(button, 'title', path, BUTTON_TITLE_MAX);
      requiredText(button, 'payload', path, PAYLOAD_MAX);
      return;
    case 'phone_number':
      onlyKeys(button, ['type', 'title', 'payload'], path);
      requiredText(button, 'title', path, BUTTON_TITLE_MAX);
      if (!/^\+\d{6,15}$/.test(requiredText(button, 'payload', path))) {
        throw badParameter(
          `Param ${path}.payload must be a phone number in the form +5511999990000.`,
        );
      }
      return;
    case 'account_link':
      onlyKeys(button, ['type', 'url'], path);
      webAddress(button, 'url', path);
      return;
    default:
      onlyKeys(button, ['type', 'title', 'payload'], path);
      requiredText(button, 'title', path, BUTTON_TITLE_MAX);
      optionalText(button, 'payload', path, PAYLOAD_MAX);
  }
}
