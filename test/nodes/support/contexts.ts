import type {
  IDataObject,
  IHookFunctions,
  INodeExecutionData,
  INodeType,
  IRun,
  ITriggerFunctions,
  IWebhookFunctions,
  WorkflowActivateMode,
  WorkflowExecuteMode,
} from 'n8n-workflow';
import { createTestLogger, type TestLogger } from '../../support/testLogger.ts';
import type { Call } from './doorServer.ts';
import { PACKAGE } from './workflow.ts';

export interface NodeSetup {
  node: INodeType;
  parameters?: IDataObject;
  credentials?: Record<string, IDataObject>;
  workflowId?: string;
  /** The name of the node that is connected behind it; absent = nothing is. */
  child?: string;
  mode?: WorkflowExecuteMode;
  activation?: WorkflowActivateMode;
  webhookUrl?: string;
  logger?: TestLogger;
}

/** What n8n's contexts of one node have in common, over the node's own description. */
function common(setup: NodeSetup) {
  const { node, parameters = {}, credentials = {}, mode = 'trigger' } = setup;
  const { name, displayName, properties } = node.description;
  return {
    logger: setup.logger ?? createTestLogger(),
    getMode: () => mode,
    getActivationMode: () => setup.activation ?? 'activate',
    getNode: () => ({
      id: `id-of-${name}`,
      name: displayName,
      type: `${PACKAGE}.${name}`,
      typeVersion: 1,
      position: [0, 0] as [number, number],
      parameters,
      webhookId: 'webhook-id',
      credentials: {
        metaAccessTokenApi: { id: 'credential-1', name: 'Meta' },
        metaOAuth2Api: { id: 'credential-2', name: 'Meta login' },
        whatsAppCloudApi: { id: 'credential-3', name: 'WhatsApp' },
        notificaMeApi: { id: 'credential-4', name: 'NotificaMe' },
      },
    }),
    getWorkflow: () => ({ id: setup.workflowId ?? 'workflow-1', name: 'Inbound', active: true }),
    getChildNodes: () =>
      setup.child
        ? [{ name: setup.child, type: 'test.child', typeVersion: 1, disabled: false }]
        : [],
    getNodeParameter: (parameter: string) =>
      parameters[parameter] ?? properties.find((property) => property.name === parameter)?.default,
    getCredentials: async (type: string) => {
      const found = credentials[type];
      if (!found) throw new Error(`The node has no credential ${type}.`);
      return found;
    },
    getTimezone: () => 'America/Sao_Paulo',
    getNodeWebhookUrl: () => setup.webhookUrl,
  };
}

export function hookContext(setup: NodeSetup): IHookFunctions {
  return common(setup) as unknown as IHookFunctions;
}

export function webhookContext(
  setup: NodeSetup,
  { request, response, query }: Call,
): IWebhookFunctions {
  return {
    ...common({ mode: 'webhook', ...setup }),
    getRequestObject: () => request,
    getResponseObject: () => response,
    getHeaderData: () => request.headers,
    getQueryData: () => query,
    // As n8n fills the last segment of a path like `notificame/:last-webhook-id`.
    getParamsData: () => ({
      'last-webhook-id': new URL(request.url ?? '', 'http://n8n').pathname.split('/').at(-1),
    }),
    getWebhookName: () => (request.method === 'POST' ? 'default' : 'setup'),
  } as unknown as IWebhookFunctions;
}

export interface TriggerContext extends ITriggerFunctions {
  /** The items of every execution that the trigger started. */
  executions: INodeExecutionData[][];
}

/** @param runs what each execution ends with, in order; afterwards `success` */
export function triggerContext(
  setup: NodeSetup,
  runs: Array<Partial<IRun> | undefined | Error> = [],
): TriggerContext {
  const executions: INodeExecutionData[][] = [];
  const context = {
    ...common(setup),
    executions,
    helpers: {
      createDeferredPromise: () => Promise.withResolvers<unknown>(),
    },
    emit(
      data: INodeExecutionData[][],
      _response: unknown,
      done?: { resolve(run: unknown): void; reject(error: Error): void },
    ) {
      executions.push(data[0] ?? []);
      const outcome = runs.length > 0 ? runs.shift() : { status: 'success' };
      if (outcome instanceof Error) done?.reject(outcome);
      else done?.resolve(outcome);
    },
  };
  return context as unknown as TriggerContext;
}
