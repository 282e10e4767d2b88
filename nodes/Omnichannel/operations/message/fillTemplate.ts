import type { DeliverInput } from '../../../../core/messaging';
import type { Account } from '../../../../core/model/account';
import { InvalidInputError } from '../../../../core/model/errors';
import type { MessageTemplate } from '../../../../core/providers/whatsapp-cloud';
import type { App } from '../../../../core/runtime';
import type { ChosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import type { PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import type { AccountOfPanel } from '../../../WhatsAppCloud/panelAccount';

const ABLE = ['active', 'expiring'];

/** The chosen account where it is one of WhatsApp, else the first of them: which one sends is known when the message goes. */
export const accountWithTemplates: AccountOfPanel = async (_, at) => (await listed(at))[0];

/**
 * The template with its places filled, as the first WhatsApp account knows it that has it.
 * @param payloads what its quick replies carry, in their order
 * @throws InvalidInputError where none has; whatever filling says of its places
 */
export async function fillTemplate(
  app: App,
  { tenantId, accountId }: Pick<DeliverInput, 'tenantId' | 'accountId'>,
  chosen: ChosenTemplate,
  payloads: readonly string[] = [],
): Promise<PanelContent> {
  const at = { app, tenant: tenantId, chosen: accountId ?? '' };
  const accounts = await listed(at);
  for (const { id } of accounts) {
    const place = { tenantId, accountId: id };
    const template = await core.accounts.useConnection(app, place, async (connection) => {
      const templates = await core.whatsApp.templatesOf(app.http, connection);
      const known = templates.find(
        ({ name, language }) => name === chosen.name && language === chosen.language,
      );
      if (!known) return null;
      const values = { ...chosen.values, ...onQuickReplies(known, payloads) };
      return await core.whatsApp.fillTemplate(app.http, connection, { ...chosen, values });
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

/** By the slots of the template: a payload for each of its quick replies, as far as there are both. */
function onQuickReplies(
  { buttons }: MessageTemplate,
  payloads: readonly string[],
): Record<string, string> {
  const slots = buttons.flatMap(({ type }, index) =>
    type === 'QUICK_REPLY' ? [`button:${index}:payload`] : [],
  );
  const pairs = payloads.flatMap((payload, at) => {
    const slot = slots[at];
    return slot === undefined ? [] : [[slot, payload] as const];
  });
  return Object.fromEntries(pairs);
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
