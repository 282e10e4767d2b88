import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { App } from '../../../core/runtime';
import { activeTriggers } from '../activeTriggers';
import { readDoorOptions } from '../channelTrigger';
import { leadsSomewhere, triggerId } from '../consume';
import { sentenceOf } from '../errors';
import { core } from '../loadCore';
import { openApp, tenantId } from '../openApp';
import { answer, header, rawBodyOf } from './answer';
import { claimedAccounts } from './claimedAccounts';
import type { GraphDoor } from './graphDoor';
import { NOT_STORED, REFUSED, countRefusal } from './refusals';
import { copyToTestListeners, receiveTestCopy } from './testCopies';

/** Meta wants its answer within 5 s, so what lasts longer goes on behind. */
const LONGEST_WAIT_MS = 3_000;

/** A call of Meta at one of the door's addresses: the handshake, an event, or a copy for a test in the editor. */
export async function receiveGraphCall<Chosen extends { id: string }>(
  context: IWebhookFunctions,
  spec: GraphDoor<Chosen>,
): Promise<IWebhookResponseData> {
  if (context.getWebhookName() === 'setup') return await receiveHandshake(context, spec);
  return context.getMode() === 'manual'
    ? await receiveTestCopy(context, spec.provider)
    : await receiveEvents(context, spec);
}

/** Meta's handshake (GET): the challenge is echoed to whoever knows the verify token. */
async function receiveHandshake<Chosen extends { id: string }>(
  context: IWebhookFunctions,
  spec: GraphDoor<Chosen>,
): Promise<IWebhookResponseData> {
  try {
    const { verifyToken } = spec.keysOf(await spec.credential.read(context));
    const query = context.getQueryData() as Record<string, unknown>;
    const { status, body } = core.meta.answerHandshake(query, verifyToken);
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
async function receiveEvents<Chosen extends { id: string }>(
  context: IWebhookFunctions,
  spec: GraphDoor<Chosen>,
): Promise<IWebhookResponseData> {
  try {
    const rawBody = await rawBodyOf(context);
    const { chosen, isSigned } = await verify(context, spec, rawBody);
    if (!isSigned) {
      await countRefusal(context, readDoorOptions(context), {
        credentialId: chosen.id,
        claimedExternalIds: claimedAccounts(rawBody, spec.claimsOf),
      });
      return answer(context, 401, REFUSED);
    }
    return await storeCall(context, spec, chosen, rawBody);
  } catch (error) {
    context.logger.error(
      `A webhook call of ${spec.productName} was not stored. ${sentenceOf(error)}`,
    );
    return answer(context, 500, NOT_STORED);
  }
}

/** Against the credential of a moment ago, and before a refusal against the present one: its secret may be new. */
async function verify<Chosen extends { id: string }>(
  context: IWebhookFunctions,
  { credential, keysOf }: GraphDoor<Chosen>,
  rawBody: Buffer,
): Promise<{ chosen: Chosen; isSigned: boolean }> {
  const signature = header(context, 'x-hub-signature-256');
  const isSignedBy = (chosen: Chosen) =>
    core.meta.verifyMetaSignature(rawBody, signature, keysOf(chosen).appSecrets);
  const { chosen, isNow } = await credential.recent(context);
  const isSigned = isSignedBy(chosen);
  if (isSigned || isNow) return { chosen, isSigned };
  const present = await credential.read(context);
  return { chosen: present, isSigned: isSignedBy(present) };
}

async function storeCall<Chosen extends { id: string }>(
  context: IWebhookFunctions,
  spec: GraphDoor<Chosen>,
  chosen: Chosen,
  rawBody: Buffer,
): Promise<IWebhookResponseData> {
  const options = readDoorOptions(context);
  const app = await openApp(context, options.store);
  const tenant = tenantId(options.tenant);
  const doorId = triggerId(context);
  await followCredential(app, tenant, spec, chosen);
  if (leadsSomewhere(context)) await activeTriggers().get(doorId)?.ensureConsuming();
  const { events, foreign } = spec.parse(core.meta.readMetaBody(rawBody));
  if (foreign) {
    context.logger.warn('A signed call of Meta was about an object this node does not serve.');
  }
  const { items } = await core.messaging.recordInbound(app, { tenantId: tenant, doorId, events });
  const answered = answer(context, 200, 'OK');
  void copyToTestListeners(app, tenant, spec.provider, items);
  return answered;
}

/**
 * A credential that was edited in n8n reaches its accounts before the message does, so that the answer goes out with
 * the new token. Whatever comes of it, the message is stored.
 */
async function followCredential<Chosen extends { id: string }>(
  app: App,
  tenant: string,
  spec: GraphDoor<Chosen>,
  chosen: Chosen,
): Promise<void> {
  const followed = spec.follow(app, tenant, chosen);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  const noted = followed.catch((error: unknown) => {
    app.logger.warn(
      `The accounts of a ${spec.productName} credential could not be read. ${sentenceOf(error)}`,
    );
  });
  await Promise.race([noted, patience]);
  clearTimeout(timer);
}
