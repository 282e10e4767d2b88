import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { App } from '../../../core/runtime';
import { activeTriggers } from '../../shared/activeTriggers';
import { readDoorOptions } from '../../shared/channelTrigger';
import { leadsSomewhere, triggerId } from '../../shared/consume';
import { ensureAccounts } from '../../shared/credentialAccounts';
import { answer, rawBodyOf } from '../../shared/door/answer';
import { inPlace } from '../../shared/door/place';
import { NOT_STORED, countRefusal } from '../../shared/door/refusals';
import { copyToTestListeners, receiveTestCopy } from '../../shared/door/testCopies';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { chosenCredential, type ChosenCredential } from '../notificaMeCredential';

/** The same for a wrong and a missing secret. */
const REFUSED = 'The address was not accepted.';
/** The hub wants its answer within 5 s, and counts more than 1 s as slow: what lasts longer goes on behind. */
const LONGEST_WAIT_MS = 700;
/** While the hub cannot be asked, few calls try it. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/** A call of the hub, or a copy for a test in the editor. */
export async function receiveCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  if (context.getMode() === 'manual') {
    return await receiveTestCopy(context, 'notificame');
  }
  try {
    const rawBody = await rawBodyOf(context);
    const chosen = await chosenCredential(context);
    const given = inPlace(context.getParamsData());
    if (!core.notificaMe.isHubSecret(given, chosen.credential.webhookSecret)) {
      await countRefusal(context, readDoorOptions(context));
      return answer(context, 401, REFUSED);
    }
    return await storeCall(context, chosen, rawBody);
  } catch (error) {
    context.logger.error(`A webhook call of NotificaMe was not stored. ${sentenceOf(error)}`);
    return answer(context, 500, NOT_STORED);
  }
}

async function storeCall(
  context: IWebhookFunctions,
  chosen: ChosenCredential,
  rawBody: Buffer,
): Promise<IWebhookResponseData> {
  const options = readDoorOptions(context);
  const app = await openApp(context, options.store);
  const tenant = tenantId(options.tenant);
  const doorId = triggerId(context);
  await followCredential(app, tenant, chosen);
  if (leadsSomewhere(context)) await activeTriggers().get(doorId)?.ensureConsuming();
  const { events, foreign } = core.notificaMe.parseNotificaMeWebhook(
    core.notificaMe.readHubBody(rawBody),
    {
      receivedAt: app.clock.now(),
      timezone: chosen.credential.timezone,
      ...core.notificaMe.factsOfAddress(context.getQueryData() as Record<string, unknown>),
    },
  );
  if (foreign) {
    context.logger.warn('A call with the secret of NotificaMe named no channel: nothing is kept.');
  }
  const { items } = await core.messaging.recordInbound(app, { tenantId: tenant, doorId, events });
  const answered = answer(context, 200, 'OK');
  void copyToTestListeners(app, tenant, 'notificame', items);
  return answered;
}

/** An edited credential reaches its accounts before the message does. Whatever comes of it, the message is stored. */
async function followCredential(app: App, tenant: string, chosen: ChosenCredential): Promise<void> {
  const followed = ensureAccounts(app, tenant, chosen, { pauseMs: PAUSE_AFTER_FAILURE_MS });
  const noted = followed.catch((error: unknown) => {
    app.logger.warn(
      `The channels of a NotificaMe credential could not be read. ${sentenceOf(error)}`,
    );
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  await Promise.race([noted, patience]);
  clearTimeout(timer);
}
