import {
  InvalidContentError,
  type ChannelAbilities,
  type ContactCard,
  type RichContent,
  type TemplateFaceValues,
  type TemplateMessage,
  type TemplateValue,
} from '../../../model';
import { checkCount, checkSource, checkText } from '../../content';
import { checkInteractive } from './checkInteractive';
import { WHATSAPP_FIELDS as FIELDS } from './fields';

const BODY_MAX = 1024;
const LIST_BODY_MAX = 4096;
const MEDIA_HEADERS = ['text', 'image', 'video', 'document'];
const MAX_PRODUCTS = 30;
const MAX_CARDS = 10;

/** @throws InvalidContentError */
export function checkRich(content: RichContent, can: ChannelAbilities): void {
  switch (content.type) {
    case 'template':
      return checkTemplate(content.template, can);
    case 'replyButtons':
      checkInteractive.frame(content.frame, { max: BODY_MAX, headers: MEDIA_HEADERS }, can);
      return checkInteractive.replyButtons(content.buttons, can);
    case 'list':
      checkInteractive.frame(content.frame, { max: LIST_BODY_MAX, headers: ['text'] }, can);
      return checkInteractive.list(content.title, content.sections, can);
    case 'linkButton':
      checkInteractive.frame(content.frame, { max: BODY_MAX, headers: MEDIA_HEADERS }, can);
      return checkInteractive.link(content.title, content.url, can);
    case 'flow':
      checkInteractive.frame(content.frame, { max: BODY_MAX, headers: MEDIA_HEADERS }, can);
      return checkInteractive.flow(content.flow, can);
    case 'product':
      checkInteractive.frame(content.frame, { max: BODY_MAX, headers: [], mayBeEmpty: true }, can);
      return checkProducts(content.catalogId, [content.productId], can);
    case 'productList':
      return checkProductList(content, can);
    case 'catalog':
      return checkInteractive.frame(content.frame, { max: BODY_MAX, headers: [] }, can);
    case 'locationRequest':
      return checkInteractive.text(content.text, BODY_MAX, can);
    case 'interactive':
      return checkInteractiveJson(content.interactive);
    case 'location':
      return checkPlace(content);
    case 'contacts':
      return checkContacts(content.contacts, can);
    case 'reaction':
      return checkText(
        FIELDS.reaction,
        'The message to react to',
        content.targetProviderId,
        500,
        can,
      );
    case 'stickerFile':
      return checkSource(content.media, 'The address of the sticker', FIELDS.sticker);
  }
}

function checkProducts(
  catalogId: string,
  productIds: readonly string[],
  can: ChannelAbilities,
): void {
  checkText(FIELDS.catalog, 'The catalogue id', catalogId, 200, can);
  checkCount(FIELDS.products, ['product', 'products'], productIds.length, MAX_PRODUCTS, can);
  productIds.forEach((id, index) => {
    checkText(FIELDS.products, `The id of product ${index + 1}`, id, 200, can);
  });
}

function checkProductList(
  content: Extract<RichContent, { type: 'productList' }>,
  can: ChannelAbilities,
): void {
  const { frame, catalogId, sections } = content;
  checkInteractive.frame(frame, { max: BODY_MAX, headers: ['text'] }, can);
  if (frame.header === undefined) {
    throw new InvalidContentError(FIELDS.header, 'A list of products needs a header.', {
      hint: 'Write a short text above it.',
    });
  }
  checkCount(FIELDS.products, ['section', 'sections'], sections.length, 10, can);
  checkProducts(
    catalogId,
    sections.flatMap(({ productIds }) => productIds),
    can,
  );
  sections.forEach(({ title }, index) => {
    if (sections.length > 1 || title) {
      checkText(FIELDS.products, `The title of section ${index + 1}`, title, 24, can);
    }
  });
}

/** What stands in it is between its author and Meta; what could be no interactive message at all is not sent. */
function checkInteractiveJson(interactive: Record<string, unknown>): void {
  const isObject = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeof interactive.type === 'string' && isObject(interactive.action)) return;
  throw new InvalidContentError(
    FIELDS.interactive,
    'This is no interactive message: it needs a "type" (text) and an "action" (object).',
    { hint: 'Copy the object "interactive" from an example of Meta\'s documentation.' },
  );
}

function checkPlace({ latitude, longitude }: { latitude: number; longitude: number }): void {
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return;
  throw new InvalidContentError(
    FIELDS.location,
    `There is no place at latitude ${latitude}, longitude ${longitude}.`,
    { hint: 'Latitude is from -90 to 90, longitude from -180 to 180.' },
  );
}

function checkContacts(contacts: readonly ContactCard[], can: ChannelAbilities): void {
  checkCount(FIELDS.contacts, ['contact', 'contacts'], contacts.length, 5, can);
  contacts.forEach(({ name, birthday }, index) => {
    checkText(FIELDS.contacts, `The name of contact ${index + 1}`, name.formatted, 200, can);
    // Meta refuses a card whose name has no second part.
    if (!name.first && !name.last) {
      throw new InvalidContentError(
        FIELDS.contacts,
        `Contact ${index + 1} has neither a first name nor a last name.`,
        { hint: 'Fill in one of them beside the whole name.' },
      );
    }
    if (birthday && !/^\d{4}-\d{2}-\d{2}$/.test(birthday)) {
      throw new InvalidContentError(
        FIELDS.contacts,
        `The birthday of contact ${index + 1} is not a date.`,
        { hint: 'Write it like 1990-05-31.' },
      );
    }
  });
}

function checkTemplate(template: TemplateMessage, can: ChannelAbilities): void {
  checkText(FIELDS.template, 'The name of the template', template.name, 512, can);
  checkText(FIELDS.template, 'The language of the template', template.language, 20, can);
  if (template.cards.length > 0) {
    checkCount(FIELDS.variables, ['card', 'cards'], template.cards.length, MAX_CARDS, can);
  }
  for (const face of [template, ...template.cards]) checkFace(face, can);
}

function checkFace({ header, body, buttons }: TemplateFaceValues, can: ChannelAbilities): void {
  for (const value of [...(header ? [header] : []), ...body]) checkValue(value, can);
  for (const button of buttons) {
    if (button.kind === 'copyCode') {
      checkText(FIELDS.variables, 'The code of the button', button.code, 20, can);
    }
    if (button.kind === 'url') checkVariable(button.text, 'The end of the address', can);
  }
}

function checkValue(value: TemplateValue, can: ChannelAbilities): void {
  switch (value.kind) {
    case 'text':
      return checkVariable(value.text, `The variable ${value.name ?? ''}`.trim(), can);
    case 'location':
      return checkPlace(value);
    case 'product':
      return;
    default:
      return checkSource(value.media, `The address of the ${value.kind}`, FIELDS.variables);
  }
}

/** Meta refuses such texts as 132012 or 100, after the call. */
function checkVariable(text: string, what: string, can: ChannelAbilities): void {
  checkText(FIELDS.variables, what, text, BODY_MAX, can);
  if (!/[\n\r\t]| {5,}/.test(text)) return;
  throw new InvalidContentError(
    FIELDS.variables,
    `${what} holds a line break, a tab or more than four spaces in a row, which WhatsApp refuses.`,
    { hint: 'Write it in one line.' },
  );
}
