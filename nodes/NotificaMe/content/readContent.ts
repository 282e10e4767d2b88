import type {
  ContactCard,
  TemplateButtonValue,
  TemplateMessage,
  TemplateValue,
} from '../../../core/model';
import { InvalidInputError } from '../../../core/model/errors';
import { optional } from '../../shared/content/optional';
import {
  readButtons,
  readCards,
  readQuickReplies,
  type PanelContent,
} from '../../shared/content/readContent';
import { jsonObjectOf } from '../../shared/fieldValues';
import type { ParameterReader } from '../../shared/parameters';
import type { contentProperties } from './contentProperties';
import type { placeProperties } from './placeProperties';
import type { templateProperties } from './templateProperties';

type Read = ParameterReader<typeof contentProperties>;
type ReadTemplate = ParameterReader<typeof templateProperties>;
type ReadPlace = ParameterReader<typeof placeProperties>;

/** The content of one item. Only what the panel shows is read; limits are core's to check. */
export function readContent(read: Read): PanelContent {
  const type = read('contentType');
  switch (type) {
    case 'text':
      return { type, text: read('text') };
    case 'buttons':
      return { type, text: read('text'), buttons: readButtons(read) };
    case 'quickReplies':
      return { type, text: read('text'), quickReplies: readQuickReplies(read) };
    case 'genericTemplate':
      return { type, elements: readCards(read) };
    case 'template':
      return { type, template: readTemplate(read) };
    case 'location':
      return {
        type,
        latitude: read('latitude'),
        longitude: read('longitude'),
        ...optional({ name: read('placeName'), address: read('address') }),
      };
    case 'contacts':
      return { type, contacts: readContacts(read) };
    case 'reaction':
      return { type, targetProviderId: read('reactTo').trim(), emoji: read('emoji').trim() };
    case 'interactive':
      return { type, interactive: readJson(read('contentJson')) };
  }
}

function readJson(value: unknown): Record<string, unknown> {
  const object = jsonObjectOf('Content (JSON)', value);
  if (Object.keys(object).length > 0) return object;
  throw new InvalidInputError('Content (JSON)', '"Content (JSON)" is empty.', {
    hint: 'Write one content with its "type".',
  });
}

function readTemplate(read: ReadTemplate): TemplateMessage {
  const rows = read('templateVariables').variable ?? [];
  const header = readHeader(read);
  return {
    name: read('templateName').trim(),
    language: read('templateLanguage').trim(),
    ...(header === null ? {} : { header }),
    body: rows.map(({ value, name }) => ({ kind: 'text', text: value, ...optional({ name }) })),
    buttons: (read('templateButtons').button ?? []).map(toButtonValue),
    cards: [],
  };
}

function readHeader(read: ReadTemplate): TemplateValue | null {
  const kind = read('templateHeader');
  if (kind === 'none') return null;
  const value = read('templateHeaderValue').trim();
  return kind === 'text' ? { kind, text: value } : { kind, media: { url: value } };
}

function toButtonValue({
  index,
  kind,
  value,
}: {
  index: number;
  kind: 'quickReply' | 'copyCode' | 'url';
  value: string;
}): TemplateButtonValue {
  const place = { index: index - 1 };
  switch (kind) {
    case 'quickReply':
      return { ...place, kind, payload: value };
    case 'copyCode':
      return { ...place, kind, code: value };
    case 'url':
      return { ...place, kind, text: value };
  }
}

function readContacts(read: ReadPlace): ContactCard[] {
  return (read('contacts').contact ?? []).map(({ name, phone, email }) => ({
    name: { formatted: name.trim(), ...optional({ first: name.trim().split(' ')[0] ?? '' }) },
    phones: phone.trim() === '' ? [] : [{ phone: phone.trim(), kind: 'CELL' }],
    emails: email.trim() === '' ? [] : [{ email: email.trim() }],
    urls: [],
  }));
}
