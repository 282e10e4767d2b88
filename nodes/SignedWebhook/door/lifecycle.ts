import type { IHookFunctions } from 'n8n-workflow';
import {
  asHook,
  leaveDoor,
  openNowOrLater,
  readDoor,
  registerDoor,
} from '../../shared/door/lifecycle';
import { signingSecrets } from '../signedWebhookCredential';
import { readDoorOptions, readScheme } from '../triggerProperties';

/**
 * Opens the door: what could verify nothing (a weak secret, a header without a name) is an error on the screen now, not
 * a 401 for the sender later. A test in the editor registers nothing.
 */
export async function openSignedDoor(context: IHookFunctions): Promise<boolean> {
  return await asHook(context, async () => {
    readScheme(context);
    await signingSecrets(context);
    if (context.getMode() === 'manual') return;
    const door = readDoor(context, readDoorOptions(context));
    const owner = { provider: 'signed_webhook', credentialId: null } as const;
    await openNowOrLater(context, () => registerDoor(context, door, owner));
  });
}

/** After a test the published trigger still runs, and its door stays wanted. */
export async function leaveSignedDoor(context: IHookFunctions): Promise<boolean> {
  return await leaveDoor(context, readDoorOptions(context));
}
