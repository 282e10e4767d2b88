import type { IHookFunctions } from 'n8n-workflow';
import type { DoorProvider, DoorSubscription, ProviderId } from '../../../core/model/channels';
import { activeTriggers } from '../activeTriggers';
import { isStart, nameOf, triggerId } from '../consume';
import { sentenceOf, toNodeError } from '../errors';
import { core } from '../loadCore';
import { openApp, tenantId } from '../openApp';
import { isStoreAway, tryAgainLater } from '../tryAgain';

/** Where a door keeps what comes in: its options *Tenant* and *Store*. */
export interface DoorOptions {
  tenant?: string | undefined;
  store?: string | undefined;
}

/** A door about to be opened: everything of the node that cannot be read later, in the background. */
export interface OpenedDoor {
  id: string;
  /** The address that is called. */
  url: string;
  tenant: string;
  store: string | undefined;
}

export function readDoor(context: IHookFunctions, { tenant, store }: DoorOptions): OpenedDoor {
  return { id: triggerId(context), url: urlOf(context), tenant: tenantId(tenant), store };
}

/** The production address; in a test of the editor, the test address. */
export function urlOf(context: Pick<IHookFunctions, 'getNodeWebhookUrl'>): string {
  const url = context.getNodeWebhookUrl('default');
  if (url) return url;
  throw new Error('n8n gave this node no webhook address. Save the workflow and try again.');
}

/** Makes the door known in its store. */
export async function registerDoor(
  context: IHookFunctions,
  { id, url, tenant, store }: OpenedDoor,
  owner: {
    provider: DoorProvider;
    credentialId: string | null;
    subscription?: DoorSubscription | undefined;
  },
): Promise<void> {
  const app = await openApp(context, store);
  await core.accounts.registerDoor(app, { tenantId: tenant, doorId: id, url, ...owner });
}

/**
 * Opens what a publish opens. When the admin publishes, what cannot work is an error on the screen; when n8n starts, a
 * store that is away must not close the door, so it is tried again behind.
 */
export async function openNowOrLater(
  context: IHookFunctions,
  open: () => Promise<void>,
): Promise<void> {
  const id = triggerId(context);
  await open().catch((error: unknown) => {
    if (!isStart(context) || !isStoreAway(error)) throw error;
    context.logger.warn(sentenceOf(error));
    const isWanted = () => activeTriggers().has(id);
    tryAgainLater(open, { logger: context.logger, what: nameOf(context), isWanted });
  });
}

/** A lifecycle method of n8n: what is thrown becomes an error of the node. */
export async function asHook(context: IHookFunctions, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/**
 * Notes that the door may be unwanted; the runtime unsubscribes a minute later if it stays so. n8n calls this alike
 * after an edit, an unpublish and a test; only of a test there is a listener, or a trigger that still runs.
 * @param provider of the test listeners that this kind of door leaves
 */
export async function leaveDoor(
  context: IHookFunctions,
  options: DoorOptions,
  provider?: ProviderId,
): Promise<boolean> {
  return await asHook(context, async () => {
    const id = triggerId(context);
    const isRunning = activeTriggers().has(id);
    if (isRunning && provider === undefined) return;
    const tenant = tenantId(options.tenant);
    const app = await openApp(context, options.store);
    if (provider !== undefined) {
      const listeners = await core.accounts.activeTestListeners(app, tenant, provider);
      if (listeners.some((listener) => listener.id === id)) {
        return await core.accounts.removeTestListener(app, tenant, id);
      }
    }
    if (!isRunning) await core.accounts.markDoorUnwanted(app, tenant, id);
  });
}
