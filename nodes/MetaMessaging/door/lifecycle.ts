import type { IHookFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import type { App } from '../../../core/runtime';
import { activeTriggers } from '../../shared/activeTriggers';
import { triggerId } from '../../shared/consume';
import { sentenceOf, toNodeError } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { chosenCredential, syncAccounts, type ChosenCredential } from '../metaCredential';
import { readDoorOptions } from '../triggerProperties';
import { TEST_LISTENER_MS } from './testCopies';

/**
 * Opens the door. In the editor it only leaves a note that someone waits for a test event. When the admin
 * publishes, it also reads the accounts of the credential and subscribes them, and what cannot work is an error
 * on the screen; when n8n starts, Meta being away must not close the door, so that part runs behind.
 */
export async function openDoor(context: IHookFunctions): Promise<boolean> {
  try {
    const options = readDoorOptions(context);
    const tenant = tenantId(options.tenant);
    const url = doorUrl(context);
    const app = await openApp(context, options.store);
    if (context.getMode() === 'manual') {
      await core.accounts.addTestListener(app, {
        tenantId: tenant,
        id: triggerId(context),
        provider: 'meta',
        url,
        ttlMs: TEST_LISTENER_MS,
      });
      return true;
    }
    const chosen = await chosenCredential(context);
    mustBeAbleToVerify(chosen);
    await core.accounts.registerDoor(app, {
      tenantId: tenant,
      doorId: triggerId(context),
      provider: 'meta',
      credentialId: chosen.id,
      url,
    });
    const connected = connectAccounts(app, tenant, chosen);
    if (!isStart(context)) await connected;
    else connected.catch((error: unknown) => context.logger.warn(sentenceOf(error)));
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/**
 * Notes that the door may be unwanted; the runtime unsubscribes a minute later if it stays so. n8n calls this alike
 * after an edit, an unpublish and a test; only of a test there is a listener, or a trigger that still runs.
 */
export async function leaveDoor(context: IHookFunctions): Promise<boolean> {
  try {
    const options = readDoorOptions(context);
    const tenant = tenantId(options.tenant);
    const id = triggerId(context);
    const app = await openApp(context, options.store);
    const listeners = await core.accounts.activeTestListeners(app, tenant, 'meta');
    const wasTest = listeners.some((listener) => listener.id === id);
    if (wasTest) await core.accounts.removeTestListener(app, tenant, id);
    else if (!activeTriggers().has(id)) await core.accounts.markDoorUnwanted(app, tenant, id);
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

function doorUrl(context: IHookFunctions): string {
  const url = context.getNodeWebhookUrl('default');
  if (url) return url;
  throw new Error('n8n gave this node no webhook address. Save the workflow and try again.');
}

/** Starting n8n or taking over from another main: nobody is at the screen. */
function isStart(context: IHookFunctions): boolean {
  return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

/** Without a secret every call would be refused, so this is better said now. */
function mustBeAbleToVerify({ credential }: ChosenCredential): void {
  if (credential.appSecret ?? credential.instagramAppSecret) return;
  throw new InvalidInputError(
    'App Secret',
    'The credential has no app secret, so no call of Meta could be verified.',
    {
      hint: "Copy it from your app's dashboard at Meta (App settings, Basic) into the credential.",
    },
  );
}

/** @throws SendError when the token does not work; a missing permission only shows on the account */
async function connectAccounts(app: App, tenant: string, chosen: ChosenCredential): Promise<void> {
  const accounts = await syncAccounts(app, tenant, chosen);
  // The subscription belongs to the Page and covers its Instagram account.
  const pages = accounts.filter(({ channel }) => channel === 'messenger');
  for (const page of pages) {
    try {
      const connection = await core.accounts.openConnection(app, tenant, page.id);
      await core.meta.subscribePage(app.http, connection);
    } catch (error) {
      const reason = `The Page's webhooks could not be subscribed. ${sentenceOf(error)}`;
      await core.accounts.setAccountWarning(app, tenant, page.id, reason);
      app.logger.warn(reason, { account: page.name });
    }
  }
}
