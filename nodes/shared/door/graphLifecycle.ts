import type { IHookFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';
import { readDoorOptions } from '../channelTrigger';
import { isStart } from '../consume';
import { sentenceOf } from '../errors';
import { core } from '../loadCore';
import { openApp } from '../openApp';
import type { DoorKeys, GraphDoor } from './graphDoor';
import { asHook, leaveDoor, openNowOrLater, readDoor, registerDoor } from './lifecycle';
import { TEST_LISTENER_MS } from './testCopies';

/**
 * Opens the door. In the editor it only leaves a note that someone waits for a test event. When the admin
 * publishes, it also reads the accounts of the credential and subscribes them, and what cannot work is an error
 * on the screen; when n8n starts, neither Meta nor a store that is away must close the door, so that comes behind.
 */
export async function openGraphDoor<Chosen extends { id: string }>(
  context: IHookFunctions,
  spec: GraphDoor<Chosen>,
): Promise<boolean> {
  return await asHook(context, async () => {
    const { provider } = spec;
    const door = readDoor(context, readDoorOptions(context));
    if (context.getMode() === 'manual') {
      const { id, url, tenant, store } = door;
      const listener = { tenantId: tenant, id, provider, url, ttlMs: TEST_LISTENER_MS };
      await core.accounts.addTestListener(await openApp(context, store), listener);
      return;
    }
    const chosen = await spec.credential.read(context);
    mustBeAbleToVerify(spec.keysOf(chosen));
    const subscription = spec.readSubscription?.(context);
    await openNowOrLater(context, async () => {
      const owner = { provider, credentialId: chosen.id, subscription };
      await registerDoor(context, door, owner);
      const connected = spec.connect(await openApp(context, door.store), door, chosen);
      if (!isStart(context)) await connected;
      else connected.catch((error: unknown) => context.logger.warn(sentenceOf(error)));
    });
  });
}

export async function leaveGraphDoor<Chosen extends { id: string }>(
  context: IHookFunctions,
  { provider }: GraphDoor<Chosen>,
): Promise<boolean> {
  return await leaveDoor(context, readDoorOptions(context), provider);
}

/** Without a secret every call would be refused, so this is better said now. */
function mustBeAbleToVerify({ appSecrets }: DoorKeys): void {
  if (appSecrets.length > 0) return;
  throw new InvalidInputError(
    'App Secret',
    'The credential has no app secret, so no call of Meta could be verified.',
    {
      hint: "Copy it from your app's dashboard at Meta (App settings, Basic) into the credential.",
    },
  );
}
