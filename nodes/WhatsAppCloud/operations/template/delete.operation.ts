import type { INodeProperties } from 'n8n-workflow';
import { NotFoundError } from '../../../../core/model/errors';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { templateLocator, templateOf } from '../../content/templateField';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
  {
    ...templateLocator,
    hint: 'The name of an approved template cannot be used again for 30 days.',
  },
  {
    displayName: 'All Languages',
    name: 'allLanguages',
    type: 'boolean',
    default: false,
    description: 'Whether every language of the template goes, instead of this one alone',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const { name, language } = templateOf(read('template'));
    const allLanguages = read('allLanguages');
    const id = allLanguages ? undefined : await idOf();
    await core.whatsApp.deleteTemplate(app.http, connection, { name, id });
    core.whatsApp.forgetTemplates(app.http);
    const template = allLanguages ? { name } : { name, language, id };
    return { success: true, template, ...accountOf(connection) };

    async function idOf(): Promise<string> {
      const templates = await core.whatsApp.templatesOf(app.http, connection, 0);
      const found = templates.find((one) => one.name === name && one.language === language);
      if (found) return found.id;
      throw new NotFoundError('The template', `${name}|${language}`, {
        hint: 'Choose one from the list.',
      });
    }
  },
);
