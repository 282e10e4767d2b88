import type { IHookFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import { activeTriggers } from '../../shared/activeTriggers';
import { triggerId } from '../../shared/consume';
import { asHook, openNowOrLater, urlOf } from '../../shared/door/lifecycle';
import { core } from '../../shared/loadCore';
import { openApp } from '../../shared/openApp';
import { readLogins } from '../portalCredential';
import { readPageOptions } from '../triggerProperties';

/**
 * Opens the page: a credential that could connect nobody is an error on the screen now, not a riddle for a customer
 * later. A test in the editor registers nothing.
 */
export async function publishPage(context: IHookFunctions): Promise<boolean> {
  return await asHook(context, async () => {
    const { logins, serves, store, tenant } = readPageOptions(context);
    await readLogins(context, logins);
    mustHaveAddress(context);
    if (context.getMode() === 'manual') return;
    const page = {
      tenantId: tenant,
      pageId: triggerId(context),
      name: `${context.getWorkflow().name ?? ''}: ${context.getNode().name}`,
      url: urlOf(context),
      serves,
    };
    await openNowOrLater(context, async () => {
      await core.portal.registerPage(await openApp(context, store), page);
    });
  });
}

/** After a test the published page is still open. */
export async function closePage(context: IHookFunctions): Promise<boolean> {
  return await asHook(context, async () => {
    const id = triggerId(context);
    if (activeTriggers().has(id)) return;
    const { store, tenant } = readPageOptions(context);
    await core.portal.closePage(await openApp(context, store), tenant, id);
  });
}

/**
 * A node that came by n8n's command line without a webhook id gets addresses at which n8n then answers nobody.
 */
function mustHaveAddress(context: IHookFunctions): void {
  if (context.getNode().webhookId) return;
  throw new InvalidInputError('Webhook', 'This node has no address of its own.', {
    hint: 'Delete it and add a "Customer Connect Page Trigger" in the editor, or give the imported node a "webhookId".',
  });
}
