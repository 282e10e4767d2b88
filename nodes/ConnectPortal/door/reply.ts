import type { ServerResponse } from 'node:http';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { PortalResponse, StreamSink } from '../../../core/portal';
import { answer } from '../../shared/door/answer';

/** n8n's compression adds `flush`, without which what is written waits for more. */
type Response = ServerResponse & { flush?: () => void };

/**
 * Writes an answer of core and tells n8n that it was the answer. A stream goes on after this has returned: n8n keeps an
 * expression engine for each call that has not (30 streams: 228 MB instead of 15).
 */
export function reply(
  context: IWebhookFunctions,
  { status, headers, body, stream }: PortalResponse,
): IWebhookResponseData {
  const response = context.getResponseObject() as unknown as Response;
  response.writeHead(status, headers);
  if (stream) {
    response.flushHeaders();
    stream(sinkOf(response));
  } else {
    response.end(body);
  }
  return { noWebhookResponse: true };
}

export function replyInText(
  context: IWebhookFunctions,
  status: number,
  text: string,
): IWebhookResponseData {
  const response = context.getResponseObject() as unknown as Response;
  response.setHeader('content-security-policy', "sandbox; default-src 'none'");
  return answer(context, status, text);
}

function sinkOf(response: Response): StreamSink {
  return {
    write(text) {
      if (response.writableEnded) return;
      response.write(text);
      response.flush?.();
    },
    end: () => void response.end(),
    onClose: (listener) => {
      response.once('close', listener);
    },
  };
}
