import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { App } from '../../../core/runtime';
import { activeTriggers } from '../../shared/activeTriggers';
import { leadsSomewhere, triggerId } from '../../shared/consume';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { ensureAccounts } from '../credentialAccounts';
import { chosenCredential, type ChosenCredential } from '../metaCredential';
import { readDoorOptions, type DoorOptions } from '../triggerProperties';
import { answer, header, rawBodyOf } from '../../shared/doorAnswer';
import { claimedAccounts } from './claimedAccounts';
import { copyToTestListeners } from './testCopies';

/** The same for a wrong, a malformed and a missing signature: it must not teach anyone how to sign. */
const REFUSED = 'The signature was not accepted.';
/** Meta sends again what is not answered with 200. */
const NOT_STORED = 'Not stored. Please send it again.';
/** Meta wants its answer within 5 s, so what lasts longer goes on behind. */
const LONGEST_WAIT_MS = 3_000;
/** While Meta cannot be asked, few calls try it. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/** Meta's handshake (GET): the challenge is echoed to whoever knows the verify token. */
export async function receiveHandshake(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    const { credential } = await chosenCredential(context);
    const query = context.getQueryData() as Record<string, unknown>;
    const { status, body } = core.meta.answerHandshake(query, credential.verifyToken);
    return answer(context, status, body);
  } catch (error) {
    context.logger.error(`A webhook handshake failed. ${sentenceOf(error)}`);
    return answer(context, 500, 'The handshake failed. See the log of n8n.');
  }
}

/**
 * A call of Meta (POST): checks the signature over the raw bytes, stores, and only then answers 200. It starts no
 * execution itself; the consumers of the log do.
 */
export async function receiveCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    const rawBody = await rawBodyOf(context);
    const options = readDoorOptions(context);
    const chosen = await chosenCredential(context);
    if (!isSigned(context, rawBody, chosen)) {
      await countRefusal(context, options, chosen, rawBody);
      return answer(context, 401, REFUSED);
    }
    return await storeCall(context, options, chosen, rawBody);
  } catch (error) {
    context.logger.error(`A webhook call of Meta was not stored. ${sentenceOf(error)}`);
    return answer(context, 500, NOT_STORED);
  }
}

/** Both secrets are tried: sources disagree which one signs for apps with Instagram Login. */
function isSigned(
  context: IWebhookFunctions,
  rawBody: Buffer,
  { credential }: ChosenCredential,
): boolean {
  const secrets = [credential.appSecret, credential.instagramAppSecret].filter(
    (secret) => secret !== undefined,
  );
  return core.meta.verifyMetaSignature(rawBody, header(context, 'x-hub-signature-256'), secrets);
}

async function storeCall(
  context: IWebhookFunctions,
  options: DoorOptions,
  chosen: ChosenCredential,
  rawBody: Buffer,
): Promise<IWebhookResponseData> {
  const app = await openApp(context, options.store);
  const tenant = tenantId(options.tenant);
  const doorId = triggerId(context);
  await followCredential(app, tenant, chosen);
  if (leadsSomewhere(context)) await activeTriggers().get(doorId)?.ensureConsuming();
  const { events, foreign } = core.meta.parseMetaWebhook(core.meta.readMetaBody(rawBody));
  if (foreign) {
    context.logger.warn('A signed call of Meta was about an object this node does not serve.');
  }
  const { items } = await core.messaging.recordInbound(app, { tenantId: tenant, doorId, events });
  const answered = answer(context, 200, 'OK');
  void copyToTestListeners(app, tenant, items);
  return answered;
}

/**
 * A credential that was edited in n8n reaches its accounts before the message does, so that the answer goes out with
 * the new token. Whatever comes of it, the message is stored.
 */
async function followCredential(app: App, tenant: string, chosen: ChosenCredential): Promise<void> {
  const followed = ensureAccounts(app, tenant, chosen, { pauseMs: PAUSE_AFTER_FAILURE_MS });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  const noted = followed.catch((error: unknown) => {
    app.logger.warn(`The accounts of a Meta credential could not be read. ${sentenceOf(error)}`);
  });
  await Promise.race([noted, patience]);
  clearTimeout(timer);
}

/** The only trace of a refused call. That it cannot be counted is no reason to answer otherwise. */
async function countRefusal(
  context: IWebhookFunctions,
  options: DoorOptions,
  { id }: ChosenCredential,
  rawBody: Buffer,
): Promise<void> {
  try {
    const app = await openApp(context, options.store);
    await core.accounts.countRefusedCall(app, {
      tenantId: tenantId(options.tenant),
      doorId: triggerId(context),
      credentialId: id,
      claimedExternalIds: claimedAccounts(rawBody),
    });
  } catch (error) {
    context.logger.warn(`A refused webhook call could not be counted. ${sentenceOf(error)}`);
  }
}
