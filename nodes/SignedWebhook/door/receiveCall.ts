import { randomUUID } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ulids } from '../../../core/model/ids';
import type { EventItem } from '../../../core/model/item';
import type { VerifiedWebhook } from '../../../core/webhooks';
import { activeTriggers } from '../../shared/activeTriggers';
import { leadsSomewhere, triggerId } from '../../shared/consume';
import { toExecutionData } from '../../shared/eventData';
import { answer, rawBodyOf } from '../../shared/door/answer';
import { NOT_STORED, REFUSED, countRefusal } from '../../shared/door/refusals';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';
import { signingSecrets } from '../signedWebhookCredential';
import { readDoorOptions, readScheme, type SignedDoorOptions } from '../triggerProperties';
import { readCall, type CallData } from './readCall';

/** What one event may hold; webhooks carry a few kilobytes, files travel by address. */
const MAX_BODY_BYTES = 1024 * 1024;

interface SignedCall {
  verified: VerifiedWebhook;
  data: CallData;
}

/**
 * A call: checks the signature over the raw bytes, stores, and only then answers 200. It starts no execution itself;
 * the consumer of the log does. At the test address a signed call goes to the editor and is not stored.
 */
export async function receiveCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    const options = readDoorOptions(context);
    const rawBody = await rawBodyOf(context);
    const call = await verifiedCall(context, rawBody);
    if (!call) {
      if (context.getMode() !== 'manual') await countRefusal(context, options);
      return answer(context, 401, REFUSED);
    }
    if (rawBody.length > MAX_BODY_BYTES) {
      context.logger.warn('A signed webhook was larger than 1 MB and was not stored.');
      return answer(context, 413, 'A webhook may have 1 MB at most.');
    }
    return context.getMode() === 'manual'
      ? showInEditor(context, options, call)
      : await storeCall(context, options, call);
  } catch (error) {
    context.logger.error(`A signed webhook was not stored. ${sentenceOf(error)}`);
    return answer(context, 500, NOT_STORED);
  }
}

async function verifiedCall(
  context: IWebhookFunctions,
  rawBody: Buffer,
): Promise<SignedCall | undefined> {
  const scheme = readScheme(context);
  const result = core.webhooks.verifySignedWebhook({
    ...scheme,
    secrets: await signingSecrets(context),
    headers: context.getHeaderData() as Record<string, string | string[] | undefined>,
    rawBody,
    nowMs: Date.now(),
  });
  if (!result.ok) return undefined;
  return { verified: result, data: readCall(context, rawBody, scheme.customHeader?.name) };
}

async function storeCall(
  context: IWebhookFunctions,
  options: SignedDoorOptions,
  { verified, data }: SignedCall,
): Promise<IWebhookResponseData> {
  const doorId = triggerId(context);
  const app = await openApp(context, options.store);
  if (leadsSomewhere(context)) await activeTriggers().get(doorId)?.ensureConsuming();
  await core.webhooks.recordSignedWebhook(app, {
    tenantId: tenantId(options.tenant),
    doorId,
    name: doorName(context),
    verified: withRepeatsAs(verified, options.repeats),
    data,
  });
  return answer(context, 200, 'OK');
}

/** Core knows a repeat by its id and, without one, by its signature: equal bytes have an equal one. */
function withRepeatsAs(
  verified: VerifiedWebhook,
  repeats: SignedDoorOptions['repeats'],
): VerifiedWebhook {
  if (repeats === 'id') return verified;
  const signature = repeats === 'never' ? randomUUID() : verified.signature;
  return { ...verified, id: null, signature };
}

function showInEditor(
  context: IWebhookFunctions,
  options: SignedDoorOptions,
  { verified, data }: SignedCall,
): IWebhookResponseData {
  const doorId = triggerId(context);
  const now = Date.now();
  const sentAt = verified.timestamp === null ? null : new Date(verified.timestamp * 1000);
  const item: EventItem = {
    id: ulids.next(now),
    event: 'webhook.received',
    timestamp: new Date(now).toISOString(),
    tenantId: tenantId(options.tenant),
    channel: null,
    provider: null,
    connection: { id: doorId, name: doorName(context), externalId: doorId },
    contact: null,
    conversation: null,
    message: null,
    data: { webhookId: verified.id, sentAt: sentAt?.toISOString() ?? null, ...data },
    raw: null,
  };
  return { ...answer(context, 200, 'OK'), workflowData: [[toExecutionData(item)]] };
}

function doorName(context: IWebhookFunctions): string {
  return `${context.getWorkflow().name ?? ''}: ${context.getNode().name}`;
}
