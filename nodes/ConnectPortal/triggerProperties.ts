import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../shared/commonOptions';
import type { TriggerSettings } from '../shared/consume';
import { tenantId } from '../shared/openApp';
import { parameterReader, type ParameterContext } from '../shared/parameters';
import { batchSizeOption, catchUpOption } from '../shared/triggerOptions';

/** Those that go through a Meta app of your own. */
export const META_LOGINS = ['facebook', 'instagram'] as const;

export const triggerProperties = [
  {
    displayName:
      'In the dashboard of your Meta app, register the <b>Production URLs</b> above: the one that ends with <b>/callback</b> as "Valid OAuth Redirect URI" (of Facebook Login and of Instagram Login), <b>/deauthorize</b> as "Deauthorize callback URL", <b>/data-deletion</b> as "Data deletion request URL". Then publish, and make a link for each customer with the Omnichannel node (Connection: Create Connect Link).',
    name: 'registerNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { logins: [...META_LOGINS] } },
  },
  {
    displayName: 'Events',
    name: 'events',
    type: 'multiOptions',
    required: true,
    default: [
      'connection.connected',
      'connection.expiring',
      'connection.disconnected',
      'connection.error',
    ],
    description: 'What starts the workflow. The page is open whatever is chosen here.',
    options: [
      {
        name: 'Account: Connected',
        value: 'connection.connected',
        description: 'Somebody connected an account, on the page or in n8n',
      },
      { name: 'Account: Disconnected', value: 'connection.disconnected' },
      { name: 'Account: Error', value: 'connection.error' },
      { name: 'Account: Expired', value: 'connection.expired' },
      {
        name: 'Account: Expiring',
        value: 'connection.expiring',
        description: 'An account must be renewed soon',
      },
    ],
  },
  {
    displayName: 'Logins',
    name: 'logins',
    type: 'multiOptions',
    required: true,
    default: ['facebook', 'instagram'],
    description:
      'Which logins the page offers, where the credential has ID and secret of the app for it',
    options: [
      {
        name: 'Facebook Login',
        value: 'facebook',
        description: 'Pages, and the Instagram accounts that are linked to them',
      },
      {
        name: 'Instagram Login',
        value: 'instagram',
        description: 'Professional Instagram accounts without a Page',
      },
      {
        name: 'NotificaMe',
        value: 'notificame',
        description:
          "WhatsApp, Instagram and Messenger, in the window of NotificaMe's hub; for links of this node's own tenant",
      },
    ],
  },
  {
    displayName:
      "The window of NotificaMe carries the token of the credential's sub-account in its address, and its page shows every channel of that sub-account: give links to this page only to whoever owns it. A customer with a sub-account of their own gets a page of their own. The messages come in through a published <b>NotificaMe Trigger</b> with the same credential.",
    name: 'hubNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { logins: ['notificame'] } },
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      batchSizeOption,
      catchUpOption,
      {
        displayName: 'Serve Links Of',
        name: 'serves',
        type: 'options',
        default: 'tenant',
        description:
          'Whose links the page takes. Events start this workflow for its own tenant alone.',
        options: [
          {
            name: 'Every Tenant',
            value: 'every',
            description: 'One page, one Meta app, links for each of your customers',
          },
          {
            name: 'This Tenant',
            value: 'tenant',
            description: 'Links of other tenants are refused as unknown',
          },
        ],
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

const readerOf = (context: ParameterContext) =>
  parameterReader(triggerProperties, (name) => context.getNodeParameter(name, undefined));

type MetaLogin = (typeof META_LOGINS)[number];

export interface PageOptions {
  tenant: string;
  store: string | undefined;
  logins: Array<MetaLogin | 'notificame'>;
  serves: 'tenant' | 'every';
}

/** What the page offers, to whom, and where it keeps it. */
export function readPageOptions(context: ParameterContext): PageOptions {
  const read = readerOf(context);
  const { tenant, store, serves = 'tenant' } = read('options');
  return {
    tenant: tenantId(tenant),
    store,
    logins: read('logins'),
    serves,
  };
}

/** Everything the consumer needs, read once. */
export function readTriggerSettings(context: ParameterContext): TriggerSettings {
  const read = readerOf(context);
  const options = read('options');
  return {
    tenantId: tenantId(options.tenant),
    store: options.store,
    filter: { types: read('events') },
    batchSize: options.batchSize ?? 1,
    batchWaitMs: 0,
    catchUpHours: options.catchUpHours ?? 24,
  };
}
