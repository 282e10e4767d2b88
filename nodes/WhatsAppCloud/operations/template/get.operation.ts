import type { INodeProperties } from 'n8n-workflow';
import { NotFoundError } from '../../../../core/model/errors';
import { accountOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { templateLocator, templateOf } from '../../content/templateField';
import { numberLocator } from '../../fields';
import { templateItem } from './toItem';

export const properties = [
  numberLocator,
  templateLocator,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const { name, language } = templateOf(read('template'));
    const found = await core.whatsApp.templatesOf(app.http, connection, 0);
    const template = found.find((one) => one.name === name && one.language === language);
    if (template) return templateItem(connection, template);
    throw new NotFoundError('The template', `${name}|${language}`, {
      hint: 'Choose one from the list; another business account has other templates.',
    });
  },
);
