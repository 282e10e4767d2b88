import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import type { Account, EventType } from '../../../core/model';
import { NotificaMe } from '../../../nodes/NotificaMe/NotificaMe.node';
import { NotificaMeTrigger } from '../../../nodes/NotificaMe/NotificaMeTrigger.node';
import { core } from '../../../nodes/shared/loadCore';
import { openApp } from '../../../nodes/shared/openApp';
import { HUB_SEED } from '../../../sandbox/notificame/seed.ts';
import type { NotificaMeState } from '../../../sandbox/notificame/model.ts';
import { createTestLogger } from '../../support/testLogger.ts';
import { waitFor } from '../../support/waitFor.ts';
import { hookContext, webhookContext, type NodeSetup } from './contexts.ts';
import { probeNodes } from './probeNodes.ts';
import { startInstance, type Instance } from './instance.ts';
import { PACKAGE, runWorkflow, type TestNode } from './workflow.ts';

export const SECRET = 'a-webhook-secret-of-thirty-two-characters';
const PATH = '/webhook/webhook-id/notificame';
const NODE = `${PACKAGE}.notificaMe`;

/** NotificaMe's two nodes before the sandbox's hub, in this process. */
export class Hub {
  readonly node = new NotificaMe();
  readonly trigger = new NotificaMeTrigger();
  readonly logger = createTestLogger();

  private constructor(
    readonly instance: Instance,
    readonly credential: IDataObject,
  ) {}

  static async start(): Promise<Hub> {
    const instance = await startInstance();
    const hub = new Hub(instance, { ...instance.notificaMe, webhookSecret: SECRET });
    await instance.control('PATCH', '/notificame', { settings: { retryDelaysMs: [] } });
    const door = (call: Parameters<typeof webhookContext>[1]) =>
      hub.trigger.webhook.call(webhookContext(hub.setup(), call));
    instance.server.mount(`${PATH}/${SECRET}`, door);
    instance.server.mount(`${PATH}/wrong`, door);
    instance.server.mount('/webhook/webhook-id/file/:last', door);
    return hub;
  }

  setup(over: Partial<NodeSetup> = {}): NodeSetup {
    return {
      node: this.trigger,
      logger: this.logger,
      credentials: { notificaMeApi: this.credential },
      webhookUrl: `${this.instance.server.url}${PATH}/:last-webhook-id`,
      ...over,
    };
  }

  publish(over: Partial<NodeSetup> = {}): Promise<boolean> {
    return this.trigger.webhookMethods.default.create.call(hookContext(this.setup(over)));
  }

  unpublish(): Promise<boolean> {
    return this.trigger.webhookMethods.default.delete.call(hookContext(this.setup()));
  }

  /** The address of the door, with another last segment where one is given. */
  address(secret: string = SECRET): string {
    return `${this.instance.server.url}${PATH}/${secret}`;
  }

  state(): Promise<NotificaMeState> {
    return this.instance.control('GET', '/notificame');
  }

  app() {
    return openApp({ getCredentials: async () => ({}) as never }, undefined);
  }

  async accounts(): Promise<Account[]> {
    return core.accounts.listAccounts(await this.app(), 'default', { provider: 'notificame' });
  }

  async account(channelId: string = HUB_SEED.whatsAppChannelId): Promise<Account> {
    const found = (await this.accounts()).find(({ externalId }) => externalId === channelId);
    if (!found) throw new Error('The channel is not connected.');
    return found;
  }

  /** Of these types; without any, of all that a list shows by default. */
  async events(...types: EventType[]) {
    const query = { limit: 500, filter: { types, includePaused: true } };
    return (await core.events.listEvents(await this.app(), 'default', query)).items;
  }

  /** A person writes; the item that a trigger emits for it. */
  async customerWrites(
    text: string,
    person: Partial<Record<'channelId' | 'personId', string>> = {},
  ) {
    const { channelId = HUB_SEED.whatsAppChannelId, personId = HUB_SEED.whatsAppPersonId } = person;
    await this.instance.control('POST', '/notificame/messages', { channelId, personId, text });
    const item = await waitFor(
      async () =>
        (await this.events('message.received')).find(({ message }) => message?.text === text),
      { what: `the event of "${text}"` },
    );
    return { json: item as unknown as IDataObject };
  }

  /** Runs one operation behind items. */
  async run(
    resource: string,
    operation: string,
    parameters: IDataObject,
    {
      items = [{ json: {} }],
      credential = {},
      node = {},
    }: { items?: INodeExecutionData[]; credential?: IDataObject; node?: Partial<TestNode> } = {},
  ) {
    const nodeTypes: Record<string, INodeType> = { ...probeNodes, [NODE]: this.node };
    const { error, output, run } = await runWorkflow(
      {
        nodes: [
          { name: 'Start', type: `${PACKAGE}.omnichannelTrigger` },
          {
            name: 'Hub',
            type: NODE,
            credentials: { notificaMeApi: { id: 'credential-4', name: 'NotificaMe' } },
            parameters: { resource, operation, ...parameters } as never,
            ...node,
          },
        ],
        connections: [['Start', 'Hub']],
      },
      { nodeTypes, items, credentials: { notificaMeApi: { ...this.credential, ...credential } } },
    );
    const found = output('Hub').flat();
    const failure = run.data.resultData.error as { description?: string } | undefined;
    return {
      error,
      hint: failure?.description,
      items: found,
      json: found.map((one) => one.json),
    };
  }

  /** Sends behind an item, each time. */
  async send(item: INodeExecutionData, parameters: IDataObject, operation = 'send', node = {}) {
    const options = { sendAgain: 'everyRun', ...(parameters.options as IDataObject | undefined) };
    const result = await this.run(
      'message',
      operation,
      { ...parameters, options },
      { items: [item], node },
    );
    const { messages } = await this.state();
    return { ...result, last: messages.findLast(({ direction }) => direction === 'OUT') };
  }

  close(): Promise<void> {
    return this.instance.close();
  }
}
