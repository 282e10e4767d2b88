import type { DeliverInput } from '../../../../core/messaging';
import type { Account } from '../../../../core/model/account';
import { InvalidInputError } from '../../../../core/model/errors';
import type { App } from '../../../../core/runtime';
import type { ChosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import type { PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import type { AccountOfPanel } from '../../../WhatsAppCloud/templateLists';

const ABLE = ['active', 'expiring'];

/** The chosen account where it is one of WhatsApp, else the first of them: which one sends is known when the message goes. */
export const accountWithTemplates: AccountOfPanel = async (_, at) => (await listed(at))[0];

/**
 * The template with its places filled, as the first WhatsApp account knows it that has it.
 * @throws InvalidInputError where none has; whatever filling says of its places
 */
export async function fillTemplate(
  app: App,
  { tenantId, accountId }: Pick<DeliverInput, 'tenantId' | 'accountId'>,
  chosen: ChosenTemplate,
): Promise<PanelContent> {
  const at = { app, tenant: tenantId, chosen: accountId ?? '' };
  const accounts = await listed(at);
  for (const { id } of accounts) {
    const place = { tenantId, accountId: id };
    const template = await core.accounts.useConnection(app, place, async (connection) => {
      const templates = await core.whatsApp.templatesOf(app.http, connection);
      const isKnown = templates.some(
        ({ name, language }) => name === chosen.name && language === chosen.language,
      );
      return isKnown ? await core.whatsApp.fillTemplate(app.http, connection, chosen) : null;
    });
    if (template) return { type: 'template', template };
  }
  throw new InvalidInputError(
    'Template Instead',
    accounts.length === 0
      ? 'No WhatsApp account is connected whose template could be sent.'
      : `No connected WhatsApp account has the template "${chosen.name}" in "${chosen.language}".`,
    { hint: 'Choose one from the list, or set When the Window Is Closed to Refuse.' },
  );
}

async function listed({
  app,
  tenant,
  chosen,
}: {
  app: App;
  tenant: string;
  chosen: string;
}): Promise<Account[]> {
  const accounts = await core.accounts.listAccounts(app, tenant, { provider: 'whatsapp_cloud' });
  const able = accounts.filter(({ status }) => ABLE.includes(status));
  const own = able.find(({ id }) => id === chosen);
  return own ? [own] : able;
}
