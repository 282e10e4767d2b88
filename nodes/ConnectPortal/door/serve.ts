import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { PortalRequest, PortalSetup } from '../../../core/portal';
import { triggerId } from '../../shared/consume';
import { toExecutionData } from '../../shared/eventData';
import { header, rawBodyOf } from '../../shared/door/answer';
import { core } from '../../shared/loadCore';
import { openApp } from '../../shared/openApp';
import { readLogins } from '../portalCredential';
import { readPageOptions, readTriggerSettings, type PageOptions } from '../triggerProperties';
import { reply, replyInText } from './reply';
import { besides, pathBelow } from './webhooks';

/** A call of the hosted page: the page itself without any store, everything else through core. */
export async function serve(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  if (context.getMode() === 'manual') return await showNewestEvent(context);
  if (context.getWebhookName() === 'default') {
    return reply(context, core.portalPage.pageAnswer(header(context, 'if-none-match')));
  }
  const request = await requestOf(context);
  try {
    const options = readPageOptions(context);
    const app = await openApp(context, options.store);
    const setup = await setupOf(context, options);
    return reply(context, await core.portal.handlePortalCall(app, setup, request));
  } catch (error) {
    return reply(context, core.portal.portalErrorAnswer(context, request, error));
  }
}

async function setupOf(context: IWebhookFunctions, options: PageOptions): Promise<PortalSetup> {
  const { logins, tenant, serves } = options;
  const pageUrl = addressOf(context);
  return {
    ...(await readLogins(context, logins)),
    pageId: triggerId(context),
    tenantId: tenant,
    served: serves === 'every' ? 'every' : { only: tenant },
    callbackUrl: besides(pageUrl, 'callback'),
    pageUrl,
  };
}

function addressOf(context: IWebhookFunctions): string {
  const url = context.getNodeWebhookUrl('default');
  if (url) return url;
  throw new Error('n8n knows no address of this node.');
}

/** The part of n8n's request that is used here. */
interface Call {
  method: string;
  path: string;
  ip?: string;
}

async function requestOf(context: IWebhookFunctions): Promise<PortalRequest> {
  const { method, path, ip = 'unknown' } = context.getRequestObject() as unknown as Call;
  return {
    method: method === 'POST' ? 'POST' : 'GET',
    path: pathBelow(path, context.getNode().webhookId ?? ''),
    query: context.getQueryData() as Record<string, unknown>,
    headers: context.getHeaderData() as Record<string, string | string[] | undefined>,
    rawBody: method === 'POST' ? await rawBodyOf(context) : Buffer.alloc(0),
    client: ip,
  };
}

/** At the test address the editor gets the newest matching event; nothing is served and nothing changes. */
async function showNewestEvent(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  if (context.getWebhookName() !== 'default') {
    return replyInText(context, 404, 'This address only works once the workflow is published.');
  }
  const { tenantId, store, filter } = readTriggerSettings(context);
  const app = await openApp(context, store);
  const item = await core.events.latestMatchingEvent(app, tenantId, filter);
  const told = item
    ? 'The newest matching event was sent to the editor.'
    : 'No such event has happened yet. Publish the workflow and connect an account on its page, then test again.';
  const answered = replyInText(context, 200, told);
  return item ? { ...answered, workflowData: [[toExecutionData(item)]] } : answered;
}
