import type { DeliverInput } from '../../../../core/messaging';
import type { Account } from '../../../../core/model/account';
import { InvalidInputError } from '../../../../core/model/errors';
import type { MessageTemplate } from '../../../../core/providers/whatsapp-cloud';
import type { TemplateMessage } from '../../../../core/model/richContent';
import type { App } from '../../../../core/runtime';
import type { ChosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import type { PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import type { AccountOfPanel } from '../../../WhatsAppCloud/panelAccount';

const ABLE = ['active', 'expiring'];

/** The chosen account where it is one of WhatsApp, else the first of them: which one sends is known when the message goes. */
export const accountWithTemplates: AccountOfPanel = async (_, at) =>
  (await listed(at)).find(({ provider }) => provider === 'whatsapp_cloud');

/** A template with its places filled, or why there is none to be sent. */
export type FilledTemplate = { content: PanelContent } | { unavailable: InvalidInputError };

/**
 * The template with its places filled, as the first WhatsApp account knows it that has it. That none has it is no error
 * here: in an open window the message needs none.
 * @param payloads what its quick replies carry, in their order
 * @throws whatever filling says of its places
 */
export async function fillTemplate(
  app: App,
  { tenantId, accountId }: Pick<DeliverInput, 'tenantId' | 'accountId'>,
  chosen: ChosenTemplate,
  payloads: readonly string[] = [],
): Promise<FilledTemplate> {
  const at = { app, tenant: tenantId, chosen: accountId ?? '' };
  const accounts = await listed(at);
  for (const account of accounts) {
    const template = await filledBy(app, account, chosen, payloads);
    if (template) return { content: { type: 'template', template } };
  }
  const unavailable = new InvalidInputError(
    'Template Instead',
    accounts.length === 0
      ? 'No WhatsApp account is connected whose template could be sent.'
      : `No connected WhatsApp account has the template "${chosen.name}" in "${chosen.language}".`,
    { hint: 'Choose one from the list, or set When the Window Is Closed to Refuse.' },
  );
  return { unavailable };
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

/** @returns null where the account does not have it */
async function filledBy(
  app: App,
  { id, tenantId, provider }: Account,
  chosen: ChosenTemplate,
  payloads: readonly string[],
): Promise<TemplateMessage | null> {
  return await core.accounts.useConnection(app, { tenantId, accountId: id }, async (connection) => {
    if (provider === 'notificame') {
      // Not every hub tells what a template says: its buttons are taken for quick replies.
      const taps = payloads.map((payload, index) => [`button:${index}:payload`, payload]);
      const values = { ...chosen.values, ...(Object.fromEntries(taps) as Record<string, string>) };
      return await core.notificaMe.fillHubTemplate(app.http, connection, { ...chosen, values });
    }
    const templates = await core.whatsApp.templatesOf(app.http, connection);
    const known = templates.find(
      ({ name, language }) => name === chosen.name && language === chosen.language,
    );
    if (!known) return null;
    const values = { ...chosen.values, ...onQuickReplies(known, payloads) };
    return await core.whatsApp.fillTemplate(app.http, connection, { ...chosen, values });
  });
}

/** As fillTemplate, where nothing can go without it. @throws InvalidInputError where no account has it */
export async function mustFillTemplate(
  ...call: Parameters<typeof fillTemplate>
): Promise<PanelContent> {
  const filled = await fillTemplate(...call);
  if ('unavailable' in filled) throw filled.unavailable;
  return filled.content;
}

/** Meta's own first: of those it is known what a template says. */
async function listed({
  app,
  tenant,
  chosen,
}: {
  app: App;
  tenant: string;
  chosen: string;
}): Promise<Account[]> {
  const accounts = await core.accounts.listAccounts(app, tenant);
  const able = accounts
    .filter(({ channel }) => channel === 'whatsapp')
    .filter(({ status, provider }) => ABLE.includes(status) && PROVIDERS.includes(provider))
    .toSorted((a, b) => PROVIDERS.indexOf(a.provider) - PROVIDERS.indexOf(b.provider));
  const own = able.find(({ id }) => id === chosen);
  return own ? [own] : able;
}

const PROVIDERS: readonly Account['provider'][] = ['whatsapp_cloud', 'notificame'];
