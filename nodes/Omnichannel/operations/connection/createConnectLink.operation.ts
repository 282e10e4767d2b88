import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { connectPageLocator } from '../../connectPageLocator';

const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

export const properties = [
  connectPageLocator,
  {
    displayName: 'Scope',
    name: 'scope',
    type: 'options',
    default: 'connect',
    description: 'What whoever holds the link may do on the page; each includes those above it',
    options: [
      {
        name: 'Connect',
        value: 'connect',
        description: 'For a customer: connect, check, renew and disconnect their own accounts',
      },
      {
        name: 'Operate',
        value: 'operate',
        description: 'Every account of the tenant, those connected in n8n too',
      },
      { name: 'Admin', value: 'admin', description: 'Also see and withdraw links of the tenant' },
      { name: 'Instance', value: 'instance', description: 'Every tenant. Give it to nobody else.' },
    ],
  },
  {
    displayName: 'Expires After',
    name: 'expiresAfter',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 7,
    description: 'Accounts that were connected stay connected when the link has ended',
  },
  {
    displayName: 'Unit',
    name: 'expiresUnit',
    type: 'options',
    default: 'days',
    options: [
      { name: 'Days', value: 'days' },
      { name: 'Hours', value: 'hours' },
      { name: 'Minutes', value: 'minutes' },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Language',
        name: 'language',
        type: 'options',
        default: 'browser',
        description: 'In which language the page begins; it has a switch',
        options: [
          { name: 'English', value: 'en' },
          { name: "The Browser's", value: 'browser' },
          { name: 'Portuguese (Brazil)', value: 'pt-BR' },
        ],
      },
      {
        displayName: 'Name',
        name: 'name',
        type: 'string',
        default: '',
        placeholder: 'e.g. Clínica Sol, sent to Ana',
        description: 'For whom it is, for the list of links',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Create Connect Link',
  itemOperation(properties, async ({ read, context }) => {
    const { language, name, tenant: chosen, store } = read('options');
    const tenant = tenantId(chosen);
    const app = await openApp(context, store);
    const pageUrl = read('page').trim() || (await core.portal.onlyPageServing(app, tenant)).url;
    const link = await core.portal.createConnectLink(app, {
      tenantId: tenant,
      scope: read('scope'),
      lifetimeMs: read('expiresAfter') * UNIT_MS[read('expiresUnit')],
      pageUrl,
      ...(name ? { name } : {}),
      ...(language === 'pt-BR' || language === 'en' ? { language } : {}),
    });
    return linkItem(link);
  }),
);

/** A link as an item: instants as ISO 8601. */
export function linkItem(link: {
  id: string;
  url?: string;
  tenantId: string;
  scope: string;
  name: string;
  language: string | null;
  expiresAt: number;
  revokedAt: number | null;
}): IDataObject {
  const { id, url, tenantId: tenant, scope, name, language, expiresAt, revokedAt } = link;
  return {
    id,
    ...(url === undefined ? {} : { url }),
    tenantId: tenant,
    scope,
    name,
    language,
    expiresAt: new Date(expiresAt).toISOString(),
    revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  };
}
