import type { IWebhookDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { answer } from '../shared/door/answer';
import { core } from '../shared/loadCore';
import { openApp } from '../shared/openApp';
import { answerItem } from './operations/message/answerItem';

/**
 * By which n8n takes the answer that an execution waits for. No GET: links are fetched by previews and scanners, and
 * must not answer in a person's place.
 */
export const resumeWebhooks: IWebhookDescription[] = [
  {
    name: 'default',
    httpMethod: 'POST',
    responseMode: 'onReceived',
    responseData: '',
    path: '={{ $nodeId }}',
    restartWebhook: true,
    isFullPath: true,
  },
];

/** What the runtime looks for in the answer of the call: our webhook has run. */
const reply = (omnichannelResumed: boolean) => ({ omnichannelResumed });

/** The execution goes on with the answer of the call, if it is the one that it waits for. */
export async function resumeExecution(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const { store } = context.getNodeParameter('options', {}) as { store?: string };
  const app = await openApp(context, store);
  const { originalUrl } = context.getRequestObject() as unknown as { originalUrl: string };
  const taken = await core.messaging.takeResumption(app, {
    body: context.getBodyData(),
    path: originalUrl,
  });
  if (!taken) return answer(context, 200, JSON.stringify(reply(false)));
  const json = answerItem(context.getNode(), taken);
  return { webhookResponse: reply(true), workflowData: [[{ json, pairedItem: { item: 0 } }]] };
}
