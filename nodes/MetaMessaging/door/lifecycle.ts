import type { IHookFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import { activeTriggers } from '../../shared/activeTriggers';
import { isStart, nameOf, triggerId } from '../../shared/consume';
import { sentenceOf, toNodeError } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { isStoreAway, tryAgainLater } from '../../shared/tryAgain';
import { connectAccounts } from '../credentialAccounts';
import { chosenCredential, type ChosenCredential } from '../metaCredential';
import { readDoorOptions } from '../triggerProperties';
import { TEST_LISTENER_MS } from './testCopies';

/**
 * Opens the door. In the editor it only leaves a note that someone waits for a test event. When the admin
 * publishes, it also reads the accounts of the credential and subscribes them, and what cannot work is an error
 * on the screen; when n8n starts, neither Meta nor a store that is away must close the door, so that comes behind.
 */
export async function openDoor(context: IHookFunctions): Promise<boolean> {
  try {
    const door = readDoor(context);
    if (context.getMode() === 'manual') {
      await core.accounts.addTestListener(await openApp(context, door.store), {
        tenantId: door.tenant,
        id: door.id,
        provider: 'meta',
        url: door.url,
        ttlMs: TEST_LISTENER_MS,
      });
      return true;
    }
    const chosen = await chosenCredential(context);
    mustBeAbleToVerify(chosen);
    const open = () => register(context, door, chosen);
    await open().catch((error: unknown) => {
      if (!isStart(context) || !isStoreAway(error)) throw error;
      context.logger.warn(sentenceOf(error));
      const isWanted = () => activeTriggers().has(door.id);
      tryAgainLater(open, { logger: context.logger, what: nameOf(context), isWanted });
    });
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

interface OpenedDoor {
  id: string;
  url: string;
  tenant: string;
  store: string | undefined;
}

/** Everything that cannot be read later, in the background. */
function readDoor(context: IHookFunctions): OpenedDoor {
  const { tenant, store } = readDoorOptions(context);
  return { id: triggerId(context), url: doorUrl(context), tenant: tenantId(tenant), store };
}

async function register(
  context: IHookFunctions,
  { id, url, tenant, store }: OpenedDoor,
  chosen: ChosenCredential,
): Promise<void> {
  const app = await openApp(context, store);
  await core.accounts.registerDoor(app, {
    tenantId: tenant,
    doorId: id,
    provider: 'meta',
    credentialId: chosen.id,
    url,
  });
  const connected = connectAccounts(app, tenant, chosen);
  if (!isStart(context)) await connected;
  else connected.catch((error: unknown) => context.logger.warn(sentenceOf(error)));
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
