/**
 * Doors for payloads: over HTTP, signed over their bytes, into the store, each for a tenant of its own with the accounts
 * that the payload is about.
 */
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { IDataObject, INodeType } from 'n8n-workflow';
import type { DiscoveredAccount } from '../../../core/providers/provider';
import { EVENT_TYPES, type EventItem, type ProviderId } from '../../../core/model';
import { core } from '../../../nodes/shared/loadCore';
import { openApp } from '../../../nodes/shared/openApp';
import { createTestLogger } from '../../support/testLogger.ts';
import { webhookContext } from './contexts.ts';
import type { Instance } from './instance.ts';

const SHARED = path.resolve(__dirname, '../../../../shared');

/** The payloads of the folder beside the project; none when it is not there. */
export function collectedFiles(folders: readonly [folder: string, names: RegExp][]): string[] {
  return folders.flatMap(([folder, names]) => {
    const where = path.join(SHARED, folder);
    if (!existsSync(where)) return [];
    return readdirSync(where)
      .filter((name) => names.test(name))
      .map((name) => path.join(where, name));
  });
}

export const isCollectionThere = () => existsSync(path.join(SHARED, 'samples'));

export const openStore = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

export interface PayloadKind {
  provider: ProviderId;
  node: INodeType;
  credentials: Record<string, IDataObject>;
  appSecret: string;
  /** Signed as well, says nothing: with it the door connects what its own credential leads to. */
  emptyBody: string;
}

export type KnownAccount = Pick<
  DiscoveredAccount,
  'channel' | 'externalId' | 'parentExternalId' | 'health'
>;

export interface PayloadDoor {
  tenantId: string;
  post(bytes: string): Promise<{ status: number; text: string }>;
  /** What the log tells since the door was opened (or since `forget`), in order. */
  told(): Promise<EventItem[]>;
  /** What was told so far is of no interest. */
  forget(): Promise<void>;
}

let tenants = 0;

export async function openPayloadDoor(
  instance: Instance,
  { provider, node, credentials, appSecret, emptyBody }: PayloadKind,
  accounts: readonly KnownAccount[],
): Promise<PayloadDoor> {
  tenants += 1;
  const tenantId = `tenant-${tenants}`;
  const url = `/webhook/${tenantId}/${provider}`;
  const setup = {
    node,
    parameters: { options: { tenant: tenantId } },
    credentials,
    webhookUrl: instance.server.url + url,
    logger: createTestLogger(),
  };
  instance.server.mount(url, (call) => {
    if (!node.webhook) throw new Error('The node is no door.');
    return node.webhook.call(webhookContext(setup, call));
  });
  await core.accounts.syncCredentialAccounts(await openStore(), {
    tenantId,
    provider,
    credentialId: 'another-credential',
    discovered: accounts.map((account) => ({
      ...account,
      name: `Account ${account.externalId}`,
      secrets: { accessToken: 'token' },
      expiresAt: null,
    })),
  });
  const post = async (bytes: string) => {
    const signature = createHmac('sha256', appSecret).update(bytes).digest('hex');
    const response = await fetch(instance.server.url + url, {
      method: 'POST',
      body: bytes,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    return { status: response.status, text: await response.text() };
  };
  await post(emptyBody);
  // What is about a whole business account is told on each of its numbers, those of the door's own credential included.
  const ids = new Set(accounts.map(({ externalId }) => externalId));
  const toldOfThem = async () =>
    (await everythingOf(tenantId)).filter(({ connection }) =>
      ids.has(connection?.externalId ?? ''),
    );
  let before = (await toldOfThem()).length;
  return {
    tenantId,
    post,
    told: async () => (await toldOfThem()).slice(before),
    forget: async () => {
      before = (await toldOfThem()).length;
    },
  };
}

async function everythingOf(tenantId: string): Promise<EventItem[]> {
  const query = {
    filter: { types: EVENT_TYPES, includePaused: true },
    order: 'asc' as const,
    limit: 500,
  };
  const items: EventItem[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await core.events.listEvents(await openStore(), tenantId, { ...query, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }));
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** What of an item does not fit the JSON Schema of its type. */
export function faultsOf(item: EventItem): string[] {
  const validate = validators.get(item.event) ?? ajv.compile(core.events.EVENT_SCHEMAS[item.event]);
  validators.set(item.event, validate);
  if (validate(item)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

export const nameOfFile = (file: string) => path.basename(file, '.json');
