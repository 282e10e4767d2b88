import type { IHookFunctions } from 'n8n-workflow';
import { activeTriggers } from '../../shared/activeTriggers';
import { triggerId } from '../../shared/consume';
import { toNodeError } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { signingSecrets } from '../signedWebhookCredential';
import { readDoorOptions, readScheme } from '../triggerProperties';

/**
 * Opens the door: what could verify nothing (a weak secret, a header without a name) is an error on the screen now, not
 * a 401 for the sender later. A test in the editor registers nothing.
 */
export async function openDoor(context: IHookFunctions): Promise<boolean> {
  try {
    readScheme(context);
    await signingSecrets(context);
    if (context.getMode() === 'manual') return true;
    const options = readDoorOptions(context);
    const url = context.getNodeWebhookUrl('default');
    if (!url) {
      throw new Error('n8n gave this node no webhook address. Save the workflow and try again.');
    }
    const app = await openApp(context, options.store);
    await core.accounts.registerDoor(app, {
      tenantId: tenantId(options.tenant),
      doorId: triggerId(context),
      provider: 'signed_webhook',
      credentialId: null,
      url,
    });
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** After a test the published trigger still runs, and its door stays wanted. */
export async function leaveDoor(context: IHookFunctions): Promise<boolean> {
  try {
    const id = triggerId(context);
    if (activeTriggers().has(id)) return true;
    const options = readDoorOptions(context);
    const app = await openApp(context, options.store);
    await core.accounts.markDoorUnwanted(app, tenantId(options.tenant), id);
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
