import {
  InvalidContentError,
  type ChannelAbilities,
  type FlowCall,
  type Frame,
  type ListSection,
  type ReplyButton,
} from '../../../model';
import {
  CONTENT_FIELDS,
  checkAddress,
  checkCount,
  checkLength,
  checkSource,
  checkText,
} from '../../content';
import { WHATSAPP_FIELDS } from './fields';

const HEADER_MAX = 60;
const FOOTER_MAX = 60;
const BUTTON_MAX = 20;
const ROW_MAX = 24;
const ROW_ID_MAX = 200;
const DESCRIPTION_MAX = 72;
const SECTION_MAX = 24;
const MAX_SECTIONS = 10;
const MAX_ROWS = 10;
/** 20 in some texts of the documentation, 30 in others: what the larger allows is let through. */
const FLOW_BUTTON_MAX = 30;

function text(value: string, max: number, can: ChannelAbilities): void {
  checkText(CONTENT_FIELDS.text, 'The text', value, max, can);
}

/** @param headers which kinds of header the message may have */
function frame(
  { header, text: body, footer }: Frame,
  { max, headers, mayBeEmpty }: { max: number; headers: readonly string[]; mayBeEmpty?: boolean },
  can: ChannelAbilities,
): void {
  if (body !== '' || !mayBeEmpty) text(body, max, can);
  if (footer) checkLength(WHATSAPP_FIELDS.footer, 'The footer', footer, FOOTER_MAX, can);
  if (header === undefined) return;
  if (!headers.includes(header.kind)) {
    throw new InvalidContentError(
      WHATSAPP_FIELDS.header,
      headers.length === 0
        ? 'A message of this kind has no header.'
        : `The header of a message of this kind cannot be of the kind "${header.kind}".`,
      { hint: headers.length === 0 ? 'Take the header away.' : 'Choose a text as the header.' },
    );
  }
  if (header.kind === 'text') {
    checkText(WHATSAPP_FIELDS.header, 'The header', header.text, HEADER_MAX, can);
  } else {
    checkSource(header.media, 'The address of the header', WHATSAPP_FIELDS.header);
  }
}

function unique(field: string, what: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice === undefined) return;
  throw new InvalidContentError(field, `Two of them have the same ${what}, "${twice}".`, {
    hint: `WhatsApp wants each ${what} once.`,
  });
}

function replyButtons(buttons: readonly ReplyButton[], can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.buttons;
  checkCount(field, ['button', 'buttons'], buttons.length, can.maxButtons, can);
  buttons.forEach(({ id, title }, index) => {
    checkText(field, `The label of button ${index + 1}`, title, BUTTON_MAX, can);
    checkText(field, `The payload of button ${index + 1}`, id, can.maxPayload, can);
  });
  unique(
    field,
    'label',
    buttons.map(({ title }) => title),
  );
  unique(
    field,
    'payload',
    buttons.map(({ id }) => id),
  );
}

function list(title: string, sections: readonly ListSection[], can: ChannelAbilities): void {
  const field = WHATSAPP_FIELDS.list;
  checkText(WHATSAPP_FIELDS.listButton, 'The label of the button', title, BUTTON_MAX, can);
  checkCount(field, ['section', 'sections'], sections.length, MAX_SECTIONS, can);
  const rows = sections.flatMap((section) => section.rows);
  checkCount(field, ['row', 'rows'], rows.length, MAX_ROWS, can);
  sections.forEach((section, index) => {
    if (sections.length > 1 || section.title) {
      checkText(field, `The title of section ${index + 1}`, section.title ?? '', SECTION_MAX, can);
    }
    checkCount(field, ['row', 'rows'], section.rows.length, MAX_ROWS, can);
  });
  rows.forEach((row, index) => {
    const name = `row ${index + 1}`;
    checkText(field, `The label of ${name}`, row.title, ROW_MAX, can);
    checkText(field, `The payload of ${name}`, row.id, ROW_ID_MAX, can);
    if (row.description) {
      checkLength(field, `The description of ${name}`, row.description, DESCRIPTION_MAX, can);
    }
  });
  unique(
    field,
    'payload',
    rows.map(({ id }) => id),
  );
}

function link(title: string, url: string, can: ChannelAbilities): void {
  checkText(WHATSAPP_FIELDS.linkButton, 'The label of the button', title, BUTTON_MAX, can);
  checkAddress(WHATSAPP_FIELDS.link, 'The address of the button', url, ['https:', 'http:']);
}

function flow(call: FlowCall, can: ChannelAbilities): void {
  const field = WHATSAPP_FIELDS.flow;
  checkText(field, 'The flow', call.flowId ?? call.flowName ?? '', 200, can);
  checkText(field, 'The label of the button', call.title, FLOW_BUTTON_MAX, can);
  checkText(field, 'The reference of the flow', call.token, 1_000, can);
}

export const checkInteractive = { text, frame, unique, replyButtons, list, link, flow };
