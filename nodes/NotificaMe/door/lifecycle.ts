import type { IHookFunctions } from 'n8n-workflow';
import { readDoorOptions } from '../../shared/channelTrigger';
import { isStart } from '../../shared/consume';
import { connectAccounts } from '../../shared/credentialAccounts';
import {
  asHook,
  leaveDoor as leaveSharedDoor,
  openNowOrLater,
  readDoor,
  registerDoor,
} from '../../shared/door/lifecycle';
import { withoutPlace } from '../../shared/door/place';
import { TEST_LISTENER_MS } from '../../shared/door/testCopies';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp } from '../../shared/openApp';
import { chosenCredential } from '../notificaMeCredential';
import { readSubscription } from '../triggerProperties';

const PROVIDER = 'notificame';

/**
 * Opens the door. In the editor it only leaves a note that someone waits for a test event. When the admin publishes, it
 * also reads the channels of the credential and subscribes them; when n8n starts, that comes behind.
 */
export async function openDoor(context: IHookFunctions): Promise<boolean> {
  return await asHook(context, async () => {
    const door = readDoor(context, readDoorOptions(context));
    // The secret takes the last segment.
    const url = withoutPlace(door.url);
    const { id, tenant, store } = door;
    if (context.getMode() === 'manual') {
      const app = await openApp(context, store);
      await core.accounts.addTestListener(app, {
        tenantId: tenant,
        id,
        provider: PROVIDER,
        url: `${url}/test`,
        ttlMs: TEST_LISTENER_MS,
      });
      return;
    }
    const chosen = await chosenCredential(context);
    const subscription = readSubscription(context);
    await openNowOrLater(context, async () => {
      const owner = { provider: PROVIDER, credentialId: chosen.id, subscription } as const;
      await registerDoor(context, { ...door, url }, owner);
      const connected = connect();
      if (!isStart(context)) await connected;
      else connected.catch((error: unknown) => context.logger.warn(sentenceOf(error)));
    });

    async function connect(): Promise<void> {
      const app = await openApp(context, store);
      const accounts = await connectAccounts(app, tenant, chosen, { subscribes: false });
      await core.accounts.subscribeAtDoor(app, PROVIDER, accounts);
    }
  });
}

export async function leaveDoor(context: IHookFunctions): Promise<boolean> {
  return await leaveSharedDoor(context, readDoorOptions(context), PROVIDER);
}
