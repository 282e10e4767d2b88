import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import type { Account, EventType } from '../../../core/model';
import { WhatsAppCloud } from '../../../nodes/WhatsAppCloud/WhatsAppCloud.node';
import { core } from '../../../nodes/shared/loadCore';
import { openApp } from '../../../nodes/shared/openApp';
import { waitFor } from '../../support/waitFor.ts';
import { probeNodes } from './probeNodes.ts';
import { startInstance, type Instance } from './instance.ts';
import { PACKAGE, runWorkflow, type TestNode } from './workflow.ts';

const PATH = '/webhook/webhook-id/whatsapp';
const NODE = `${PACKAGE}.whatsAppCloud`;
const CREDENTIALS = { whatsAppCloudApi: { id: 'credential-3', name: 'WhatsApp' } };

export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The binary data of an item with one file in the field `data`. */
export const binaryOf = (mimeType: string, fileName: string, bytes: Uint8Array = PICTURE) => ({
  data: { data: Buffer.from(bytes).toString('base64'), mimeType, fileName },
});

/** The node *WhatsApp Cloud* before the sandbox, in this process. */
export class WhatsAppNode {
  readonly node = new WhatsAppCloud();

  private constructor(readonly instance: Instance) {}

  static async start(): Promise<WhatsAppNode> {
    const instance = await startInstance();
    const own = new WhatsAppNode(instance);
    await instance.control('PATCH', '/settings', {
      whatsAppSentMs: 0,
      whatsAppDeliveredMs: 1,
      duplicateEvery: 0,
    });
    return own;
  }

  /** What the sandbox reports is stored, as the door of the trigger does it. */
  async receive(): Promise<void> {
    const { server } = this.instance;
    server.mount(PATH, async ({ request, response, query }) => {
      if (request.method === 'GET') response.end(query['hub.challenge']);
      else {
        const { events } = core.whatsApp.parseWhatsAppWebhook(
          core.whatsApp.readMetaBody(request.rawBody),
        );
        const where = { tenantId: 'default', doorId: 'door-of-the-test' };
        await core.messaging.recordInbound(await this.app(), { ...where, events });
        response.end('OK');
      }
      return {};
    });
    await this.instance.control('POST', '/subscriptions', {
      callbackUrl: server.url + PATH,
      verifyToken: this.instance.whatsApp.verifyToken,
      object: 'whatsapp_business_account',
      subscribeBusinesses: true,
    });
  }

  /** A person writes to the clinic; the item that a trigger would emit for it. */
  async customerWrites(
    persona: string,
    content: IDataObject,
    accountId?: string,
  ): Promise<INodeExecutionData> {
    const id = accountId ?? (await this.account()).id;
    const last = async () => {
      const { items } = await core.events.listEvents(await this.app(), 'default', {
        filter: { types: ['message.received'], accountIds: [id] },
        limit: 1,
      });
      return items[0];
    };
    const before = (await last())?.id;
    await this.instance.control('POST', '/inject', { channel: 'whatsapp', persona, ...content });
    const item = await waitFor(
      async () => {
        const newest = await last();
        return newest?.id === before ? undefined : newest;
      },
      { what: 'the event of what the customer wrote' },
    );
    return { json: item as unknown as IDataObject };
  }

  app() {
    return openApp({ getCredentials: async () => ({}) as never }, undefined);
  }

  async accounts(tenantId = 'default'): Promise<Account[]> {
    return core.accounts.listAccounts(await this.app(), tenantId, { provider: 'whatsapp_cloud' });
  }

  /** The clinic's first number; connected by a use of the node. */
  async account(): Promise<Account> {
    const { phoneNumberId } = this.instance.sandbox.seed.whatsApp;
    const find = async () =>
      (await this.accounts()).find(({ externalId }) => externalId === phoneNumberId);
    const present = await find();
    if (present) return present;
    await this.run('phoneNumber', 'getMany', {});
    const account = await find();
    if (!account) throw new Error('The node has not connected its number.');
    return account;
  }

  /** The parameter *Account* as the panel stores what was chosen from its list. */
  async chosen(): Promise<IDataObject> {
    return { account: { __rl: true, mode: 'list', value: (await this.account()).id } };
  }

  /** Waits until the log holds an event of this type about a message. */
  async until(type: EventType, messageId: string): Promise<void> {
    await waitFor(
      async () => {
        const { items } = await core.events.listEvents(await this.app(), 'default', {
          filter: { types: [type] },
          limit: 100,
        });
        return items.find(({ message }) => message?.id === messageId);
      },
      { what: `the event ${type}` },
    );
  }

  /** Runs one operation behind items; the parameters are what the panel shows, so that defaults count. */
  async run(
    resource: string,
    operation: string,
    parameters: IDataObject,
    {
      items = [{ json: {} }],
      credential = {},
      node = {},
    }: {
      items?: INodeExecutionData[];
      credential?: IDataObject;
      node?: Partial<TestNode>;
    } = {},
  ) {
    const nodeTypes: Record<string, INodeType> = { ...probeNodes, [NODE]: this.node };
    const { error, output, run } = await runWorkflow(
      {
        nodes: [
          { name: 'Start', type: `${PACKAGE}.omnichannelTrigger` },
          {
            name: 'WhatsApp',
            type: NODE,
            credentials: CREDENTIALS,
            parameters: { resource, operation, ...parameters } as never,
            ...node,
          },
        ],
        connections: [['Start', 'WhatsApp']],
      },
      {
        nodeTypes,
        items,
        credentials: { whatsAppCloudApi: { ...this.instance.whatsApp, ...credential } },
      },
    );
    const found = output('WhatsApp').flat();
    const failure = run.data.resultData.error as { description?: string } | undefined;
    return {
      error,
      /** What to do next, as n8n shows it under the error. */
      hint: failure?.description ?? undefined,
      items: found,
      json: found.map((one) => one.json),
    };
  }

  /** Sends behind an item; by default each time, and on the number and to the person of the item. */
  async send(
    parameters: IDataObject,
    {
      item = { json: {} },
      node = {},
    }: { item?: INodeExecutionData; node?: Partial<TestNode> } = {},
  ) {
    const calls = this.callsSince();
    const options = { sendAgain: 'everyRun', ...(parameters.options as IDataObject | undefined) };
    const { json, error, hint } = await this.run(
      'message',
      'send',
      { ...parameters, options },
      { items: [item], node },
    );
    const bodies = calls()
      .filter(({ path, method }) => method === 'POST' && path.endsWith('/messages'))
      .map(({ params }) => params);
    return { json, error, hint, bodies, body: bodies[0] ?? {}, calls: calls() };
  }

  /** The calls that reached the API since this moment. */
  callsSince() {
    const { calls } = this.instance.sandbox.context;
    const before = calls.list().at(-1)?.id ?? 0;
    return () => calls.list(before);
  }

  close(): Promise<void> {
    return this.instance.close();
  }
}
