import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { sentenceOf } from './errors';
import { openApp } from './openApp';
import { ensureAccounts } from './credentialAccounts';
import type { CredentialChooser } from './credentialSource';
import type { TriggerSettings } from './consume';

const LOOK_EVERY_MS = 60_000;

/**
 * While a published trigger runs, looks whether its credential was edited: n8n tells nobody, and who only sends
 * (*Omnichannel* knows accounts, no credentials) would keep the old token. `getCredentials` gives the present values
 * also after `trigger()` has returned.
 * @param response of the trigger; its end is the end of the watch
 */
export function watchCredential(
  context: ITriggerFunctions,
  { tenantId, store }: TriggerSettings,
  response: ITriggerResponse,
  choose: CredentialChooser,
  everyMs = LOOK_EVERY_MS,
): ITriggerResponse {
  if (!response.closeFunction) return response;
  let looking: Promise<void> | undefined;
  const look = async () => {
    try {
      const chosen = await choose(context);
      const app = await openApp(context, store);
      await ensureAccounts(app, tenantId, chosen, { looksInStore: true });
    } catch (error) {
      context.logger.warn(
        `Whether a credential was changed could not be seen. ${sentenceOf(error)}`,
      );
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, everyMs);
  timer.unref();
  return {
    ...response,
    closeFunction: async () => {
      clearInterval(timer);
      await response.closeFunction?.();
    },
  };
}
