import type { MessageTemplate } from '../definition';
import { READY_TEMPLATES, type ReadyLanguage, type ReadyName } from './definitions';

export type TemplatePart = 'category' | 'header' | 'body' | 'footer' | 'buttons';

/** In what a template of this name differs from ours; parts that the provider did not tell are not compared. */
export function differencesFrom(
  present: MessageTemplate,
  { name, language }: { name: ReadyName; language: ReadyLanguage },
): TemplatePart[] {
  const { category, hasDocument, wording } = READY_TEMPLATES[name];
  const { body, footer, buttons } = wording[language];
  const isTold = present.body !== null;
  const labels = present.buttons.map(({ type, text }) => `${type}:${text}`);
  const wanted = buttons.map((text) => `QUICK_REPLY:${text}`);
  const checks: Array<[TemplatePart, boolean]> = [
    ['category', present.category !== null && present.category !== category],
    ['header', isTold && (present.header?.format ?? null) !== (hasDocument ? 'DOCUMENT' : null)],
    ['body', isTold && present.body?.trim() !== body],
    ['footer', isTold && (present.footer?.trim() ?? null) !== (footer ?? null)],
    ['buttons', isTold && labels.join('\n') !== wanted.join('\n')],
  ];
  return checks.flatMap(([part, differs]) => (differs ? [part] : []));
}
