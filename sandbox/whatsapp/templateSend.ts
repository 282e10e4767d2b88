import { asObject, onlyKeys } from '../graph/validation.ts';
import { refused } from './errors.ts';
import { needText, type Content, type ContentScope } from './content.ts';
import { fillTemplate } from './templateFill.ts';
import type { WhatsAppTemplate } from './model.ts';

/** `template` of a message: found, usable, filled. @throws GraphError 132001, 132015, 132016, 131062, ... */
export async function sendTemplate(
  value: unknown,
  scope: ContentScope,
  isUserId: boolean,
): Promise<Content> {
  const sent = asObject(value, 'template');
  onlyKeys(sent, ['name', 'language', 'components'], 'template');
  const name = needText(sent, 'name', 'template');
  const language = asObject(sent.language, 'template.language');
  onlyKeys(language, ['code', 'policy'], 'template.language');
  const code = needText(language, 'code', 'template.language');
  const template = findTemplate(scope, name, code);
  if (template.category === 'AUTHENTICATION' && isUserId) {
    throw refused(131062, 'Authentication templates go to phone numbers only.');
  }
  const rendered = await fillTemplate(template, sent.components, scope);
  return {
    type: 'template',
    content: sent,
    attachments: [],
    rendered,
    category: template.category,
    ...(rendered.body === undefined ? {} : { text: rendered.body }),
  };
}

function findTemplate(
  { context, number }: ContentScope,
  name: string,
  language: string,
): WhatsAppTemplate {
  const template = Object.values(context.store.state.whatsApp.templates).find(
    (item) =>
      item.businessId === number.businessId && item.name === name && item.language === language,
  );
  switch (template?.status) {
    case 'APPROVED':
      return template;
    case 'PAUSED':
      throw refused(132015, `The template ${name} is paused for its low quality.`);
    case 'DISABLED':
      throw refused(132016, `The template ${name} is disabled for its low quality.`);
    default:
      throw refused(132001, `template name (${name}) does not exist in ${language}`);
  }
}
