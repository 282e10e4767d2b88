import type { IWebhookFunctions } from 'n8n-workflow';
import { triggerId } from '../consume';
import { sentenceOf } from '../errors';
import { core } from '../loadCore';
import { openApp, tenantId } from '../openApp';
import type { DoorOptions } from './lifecycle';

/** The same whatever was wrong: it must not teach anyone how to sign. */
export const REFUSED = 'The signature was not accepted.';
/** Senders try again what is not answered with 2xx. */
export const NOT_STORED = 'Not stored. Please send it again.';

/** Whose accounts the refused body says it is about. */
export interface Claim {
  credentialId: string | null;
  claimedExternalIds: string[];
}

/** The only trace of a refused call. That it cannot be counted is no reason to answer otherwise. */
export async function countRefusal(
  context: IWebhookFunctions,
  options: DoorOptions,
  claim: Claim = { credentialId: null, claimedExternalIds: [] },
): Promise<void> {
  try {
    const app = await openApp(context, options.store);
    await core.accounts.countRefusedCall(app, {
      tenantId: tenantId(options.tenant),
      doorId: triggerId(context),
      ...claim,
    });
  } catch (error) {
    context.logger.warn(`A refused webhook call could not be counted. ${sentenceOf(error)}`);
  }
}
