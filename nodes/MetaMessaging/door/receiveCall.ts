import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { activeTriggers } from '../../shared/activeTriggers';
import { leadsSomewhere, triggerId } from '../../shared/consume';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { chosenCredential, type ChosenCredential } from '../metaCredential';
import { readDoorOptions, type DoorOptions } from '../triggerProperties';
import { answer, header, rawBodyOf } from '../../shared/doorAnswer';
import { claimedAccounts } from './claimedAccounts';
import { copyToTestListeners } from './testCopies';

/** The same for a wrong, a malformed and a missing signature: it must not teach anyone how to sign. */
const REFUSED = 'The signature was not accepted.';
/** Meta sends again what is not answered with 200. */
const NOT_STORED = 'Not stored. Please send it again.';

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
    return await storeCall(context, options, rawBody);
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
  rawBody: Buffer,
): Promise<IWebhookResponseData> {
  const body: unknown = JSON.parse(rawBody.toString('utf8'));
  const app = await openApp(context, options.store);
  const tenant = tenantId(options.tenant);
  const doorId = triggerId(context);
  if (leadsSomewhere(context)) await activeTriggers().get(doorId)?.ensureConsuming();
  const { events, foreign } = core.meta.parseMetaWebhook(body);
  if (foreign) {
    context.logger.warn('A signed call of Meta was about an object this node does not serve.');
  }
  const { items } = await core.messaging.recordInbound(app, { tenantId: tenant, doorId, events });
  const answered = answer(context, 200, 'OK');
  void copyToTestListeners(app, tenant, items);
  return answered;
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
