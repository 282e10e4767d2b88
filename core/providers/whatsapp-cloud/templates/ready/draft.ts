import { InvalidInputError } from '../../../../model';
import { componentsOf } from '../draft';
import type { NewTemplate } from '../manage';
import { placeholdersOf } from '../variables';
import { READY_TEMPLATES, type ReadyLanguage, type ReadyName } from './definitions';

/** Meta writes nothing about it; a longer name makes a text that nobody reads. */
const LONGEST_BUSINESS = 60;

/**
 * The template as Meta wants it, with an example for each variable.
 * @param handle of an example document (Meta's Resumable Upload API), for a template that has one above its text
 */
export function readyDraft(
  { name, language }: { name: ReadyName; language: ReadyLanguage },
  { businessName, handle }: { businessName: string; handle: string | null },
): NewTemplate {
  const { category, hasDocument, wording } = READY_TEMPLATES[name];
  const { body, footer, buttons, examples } = wording[language];
  const values = [examples.name, businessName, examples.third ?? '', examples.fourth ?? ''];
  const named = placeholdersOf(body).map((number): [string, string] => [
    number,
    values[Number(number) - 1] ?? '',
  ]);
  return {
    name,
    language,
    category,
    ...componentsOf({
      ...(hasDocument ? { header: { kind: 'document', handle: handle ?? '' } } : {}),
      body,
      examples: Object.fromEntries(named),
      ...(footer === undefined ? {} : { footer }),
      buttons: buttons.map((text) => ({ type: 'quickReply', text })),
    }),
  };
}

/** @returns the name without spaces around it @throws InvalidInputError */
export function checkedBusinessName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= LONGEST_BUSINESS && !/[\n\t]|\{\{/.test(trimmed)) {
    return trimmed;
  }
  throw new InvalidInputError(
    'Business Name',
    trimmed === '' ? '"Business Name" is empty.' : `"${trimmed}" is no name for a business here.`,
    {
      hint: `Write it as your customers know it, on one line, up to ${LONGEST_BUSINESS} characters.`,
    },
  );
}
