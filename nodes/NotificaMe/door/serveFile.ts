import type { ServerResponse } from 'node:http';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { KeptFile } from '../../../core/messaging';
import { readDoorOptions } from '../../shared/channelTrigger';
import { answer } from '../../shared/door/answer';
import { inPlace } from '../../shared/door/place';
import { sentenceOf } from '../../shared/errors';
import { core } from '../../shared/loadCore';
import { openApp, tenantId } from '../../shared/openApp';

/** Forged, foreign, expired and unknown look alike. */
const NOT_THERE = 'There is no such file here, or not any more.';

/** The file of a message, for the hub that was given its address. */
export async function serveFile(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    const { tenant, store } = readDoorOptions(context);
    const app = await openApp(context, store);
    const token = inPlace(context.getParamsData());
    const file = await core.messaging.openKeptFile(app, tenantId(tenant), token);
    if (file === null) return answer(context, 404, NOT_THERE);
    return send(context, file);
  } catch (error) {
    context.logger.error(`A file for NotificaMe could not be served. ${sentenceOf(error)}`);
    return answer(context, 503, 'The file cannot be read at present. Try again.');
  }
}

/** Goes on after this has returned: n8n keeps an expression engine for each call that has not. */
function send(context: IWebhookFunctions, file: KeptFile): IWebhookResponseData {
  const response = context.getResponseObject() as unknown as ServerResponse;
  const { method } = context.getRequestObject() as unknown as { method?: string };
  response.writeHead(200, {
    'content-type': file.mimeType,
    'content-length': file.size,
    'content-disposition': dispositionOf(file),
    'cache-control': 'private, no-store',
    // It comes from n8n's own origin: whatever it is, it is no page of it.
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  if (method === 'HEAD') response.end();
  else void write(response, file, context);
  return { noWebhookResponse: true };
}

async function write(
  response: ServerResponse,
  file: KeptFile,
  { logger }: IWebhookFunctions,
): Promise<void> {
  try {
    for await (const part of file.read()) {
      if (response.destroyed) return;
      if (!response.write(part)) await drained(response);
    }
    response.end();
  } catch (error) {
    logger.warn(`A file for NotificaMe was cut off. ${sentenceOf(error)}`);
    response.destroy();
  }
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}

function dispositionOf({ fileName }: KeptFile): string {
  if (fileName === null) return 'attachment';
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
