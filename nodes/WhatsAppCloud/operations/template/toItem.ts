import type { IDataObject } from 'n8n-workflow';
import type { MessageTemplate } from '../../../../core/providers/whatsapp-cloud';
import type { ProviderConnection } from '../../../../core/providers/provider';
import { accountOf } from '../../../shared/accountRuns';
import { core } from '../../../shared/loadCore';

/** A template as workflows see it: how it stands, what it says, and what fills its places. */
export function templateItem(
  connection: ProviderConnection,
  template: MessageTemplate,
): IDataObject {
  const { name, language } = template;
  return {
    ...accountOf(connection),
    template: {
      ...template,
      /** What the field *Template* takes. */
      key: `${name}|${language}`,
      preview: core.whatsApp.previewOf(template),
      variables: core.whatsApp.variablesOf(template).map((variable) => ({ ...variable })),
    } as unknown as IDataObject,
  };
}
