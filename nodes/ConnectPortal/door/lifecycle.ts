import type { IHookFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import { activeTriggers } from '../../shared/activeTriggers';
import { isStart, nameOf, triggerId } from '../../shared/consume';
import { sentenceOf, toNodeError } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp } from '../../shared/openApp';
import { isStoreAway, tryAgainLater } from '../../shared/tryAgain';
import { readApps } from '../portalCredential';
import { readPageOptions } from '../triggerProperties';

/**
 * Opens the page: a credential that could connect nobody is an error on the screen now, not a riddle for a customer
 * later. A test in the editor registers nothing.
 */
export async function publishPage(context: IHookFunctions): Promise<boolean> {
  try {
    const { logins, serves, store, tenant } = readPageOptions(context);
    await readApps(context, logins);
    mustHaveAddress(context);
    if (context.getMode() === 'manual') return true;
    const page = {
      tenantId: tenant,
      pageId: triggerId(context),
      name: `${context.getWorkflow().name ?? ''}: ${context.getNode().name}`,
      url: pageUrl(context),
      serves,
    };
    const register = async () => {
      await core.portal.registerPage(await openApp(context, store), page);
    };
    await register().catch((error: unknown) => {
      if (!isStart(context) || !isStoreAway(error)) throw error;
      context.logger.warn(sentenceOf(error));
      const isWanted = () => activeTriggers().has(page.pageId);
      tryAgainLater(register, { logger: context.logger, what: nameOf(context), isWanted });
    });
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** After a test the published page is still open. */
export async function closePage(context: IHookFunctions): Promise<boolean> {
  try {
    const id = triggerId(context);
    if (activeTriggers().has(id)) return true;
    const { store, tenant } = readPageOptions(context);
    await core.portal.closePage(await openApp(context, store), tenant, id);
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

function pageUrl(context: IHookFunctions): string {
  const url = context.getNodeWebhookUrl('default');
  if (url) return url;
  throw new Error('n8n gave this node no webhook address. Save the workflow and try again.');
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
