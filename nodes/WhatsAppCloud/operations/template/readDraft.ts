import type {
  DraftButton,
  DraftHeader,
  TemplateDraft,
} from '../../../../core/providers/whatsapp-cloud';
import { InvalidInputError } from '../../../../core/model/errors';
import { parsedJson } from '../../../shared/fieldValues';
import type { ParameterReader } from '../../../shared/parameters';
import type { draftProperties } from './draftProperties';

type Read = ParameterReader<typeof draftProperties>;
type ButtonRow = NonNullable<ReturnType<typeof buttonRows>>[number];

const buttonRows = (read: Read) => read('templateButtons').button;

export function readDraft(read: Read): TemplateDraft {
  const footer = read('footer').trim();
  const examples = (read('examples').example ?? []).map(
    ({ variable, text }) => [variable.replace(/[{}\s]/g, ''), text] as const,
  );
  return {
    ...readHeader(read),
    body: read('body'),
    examples: Object.fromEntries(examples),
    ...(footer === '' ? {} : { footer }),
    buttons: (buttonRows(read) ?? []).map(toButton),
  };
}

function readHeader(read: Read): { header?: DraftHeader } {
  const kind = read('templateHeader');
  switch (kind) {
    case 'none':
      return {};
    case 'location':
      return { header: { kind } };
    case 'text':
      return { header: { kind, text: read('headerText'), example: read('headerExample') } };
    default:
      return { header: { kind, handle: read('headerHandle').trim() } };
  }
}

function toButton({ kind, text, url, phone, example }: ButtonRow): DraftButton {
  switch (kind) {
    case 'quickReply':
      return { type: kind, text };
    case 'url':
      return { type: kind, text, url: url.trim(), example };
    case 'phone':
      return { type: kind, text, phone: phone.trim() };
    case 'copyCode':
      return { type: kind, example };
  }
}

/** @throws InvalidInputError naming the field */
export function componentsOfJson(value: unknown): Array<Record<string, unknown>> {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  const isObject = (item: unknown): item is Record<string, unknown> =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  if (Array.isArray(parsed) && parsed.length > 0 && parsed.every(isObject)) return parsed;
  const problem = parsed === undefined ? 'is no valid JSON' : 'is no list of objects';
  throw new InvalidInputError('Components (JSON)', `"Components (JSON)" ${problem}.`, {
    hint: 'Follow the example that the field shows when it is emptied.',
  });
}
