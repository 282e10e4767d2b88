import { InvalidContentError } from '../../model';
import type { ChannelAbilities, OutboundContent, TemplateElement } from '../../model';
import { checkButtons } from './checkButtons';
import { checkSource } from './checkMedia';
import { CONTENT_FIELDS } from './fields';
import { checkAddress, checkCount, checkLength, checkText, empty, isBlank } from './measure';

export function checkCards(elements: readonly TemplateElement[], can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.cards;
  checkCount(field, ['card', 'cards'], elements.length, can.template.maxElements, can);
  elements.forEach((element, index) => checkCard(element, `card ${index + 1}`, can));
}

function checkCard(card: TemplateElement, name: string, can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.cards;
  const { maxTitle, needsMoreThanTitle } = can.template;
  checkText(field, `The title of ${name}`, card.title, maxTitle, can);
  if (card.subtitle !== undefined) {
    checkLength(field, `The subtitle of ${name}`, card.subtitle, maxTitle, can);
  }
  if (card.imageUrl !== undefined) {
    checkAddress(field, `The image address of ${name}`, card.imageUrl);
  }
  if (card.url !== undefined) {
    checkAddress(field, `The address of ${name}`, card.url, ['https:', 'http:']);
  }
  if (card.buttons.length > 0) {
    checkButtons(card.buttons, can.maxButtons, can, { field, of: ` of ${name}` });
  }
  const hasMore = [card.subtitle, card.imageUrl, card.url].some((part) => part !== undefined);
  if (hasMore || card.buttons.length > 0 || !needsMoreThanTitle) return;
  throw new InvalidContentError(
    field,
    `There is nothing but a title on ${name}; ${can.displayName} needs more.`,
    { hint: 'Add a subtitle, a picture, an address or a button.' },
  );
}

export function checkMediaTemplate(
  content: Extract<OutboundContent, { type: 'mediaTemplate' }>,
  can: ChannelAbilities,
): void {
  checkSource(content.media, 'The address of the picture or video');
  if (content.buttons.length === 0) return;
  checkButtons(content.buttons, can.template.maxMediaButtons, can);
}

export function checkProducts(productIds: readonly string[], can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.products;
  checkCount(field, ['product', 'products'], productIds.length, can.template.maxProducts, can);
  productIds.forEach((id, index) => {
    if (isBlank(id)) throw empty(field, `The ID of product ${index + 1}`);
  });
}
