import type { ICredentialType, INodeProperties } from 'n8n-workflow';

const OF_INSTANCES = { show: { profile: ['instances'] } };

/** The paths that the source documents name, each to be changed where a server answers at another one. */
const instancePaths: INodeProperties[] = (
  [
    ['Create Path', 'createPath', '/instances/create', 'POST with platform and name'],
    ['List Path', 'listPath', '/instances', 'GET'],
    ['Get Path', 'getPath', '/instances/:id', 'GET'],
    ['Authorize Path', 'authorizePath', '/instances/:id/authorize', 'POST'],
    ['Callback Path', 'callbackPath', '/instances/:id/callback', 'POST with code and state'],
    ['Sync Path', 'syncPath', '/instances/:id/sync', 'GET'],
    ['QR Code Path', 'qrcodePath', '/instances/:id/qrcode', 'GET'],
    ['Disconnect Path', 'disconnectPath', '/instances/:id', 'DELETE'],
  ] as const
).map(([displayName, name, path, method]) => ({
  displayName,
  name,
  type: 'string',
  default: path,
  description: `${method}; ":id" is the ID of the instance`,
  displayOptions: OF_INSTANCES,
}));

/** A sub-account of NotificaMe's hub with its channels. Tested by `notificaMeTest` of the nodes that use it. */
export class NotificaMeApi implements ICredentialType {
  name = 'notificaMeApi';

  displayName = 'NotificaMe API';

  icon = {
    light: 'file:notificaMe.svg',
    dark: 'file:notificaMe.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/connect-notificame.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName: 'Profile',
      name: 'profile',
      type: 'options',
      default: 'hub',
      options: [
        {
          name: 'Hub',
          value: 'hub',
          description: "NotificaMe's API as its own SDK speaks it: channels and webhooks",
        },
        {
          name: 'Instances API (Unproven)',
          value: 'instances',
          description: 'The endpoints of older documents; nobody was seen using them at NotificaMe',
        },
      ],
    },
    {
      displayName:
        '<b>Unproven at NotificaMe.</b> These endpoints stand in older integration documents only. Use this profile for a server of your own that answers at them; for NotificaMe itself choose "Hub".',
      name: 'unprovenNotice',
      type: 'notice',
      default: '',
      displayOptions: OF_INSTANCES,
    },
    {
      displayName: 'API Token',
      name: 'apiToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'The token of the sub-account whose channels are used',
      hint: "In NotificaMe's panel. Each sub-account has its own (36 characters); the reseller's reaches no channels.",
    },
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      default: 'https://api.notificame.com.br',
      description: 'Change it only for a sandbox, a proxy, or the profile Instances API',
    },
    ...instancePaths,
    {
      displayName: 'Webhook Secret',
      name: 'webhookSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'Stands at the end of the address that NotificaMe calls, because its calls carry no signature. Empty means: one is made for this credential.',
      hint: 'If you fill it in: 32 characters or more, letters and digits. Changing it gives NotificaMe a new address.',
    },
    {
      displayName: 'Channels on /V2',
      name: 'v2Channels',
      type: 'string',
      default: 'whatsapp, instagram, tiktok, facebook',
      description:
        'Whose messages go to version 2 of the API; those of the others go to version 1. Change it when NotificaMe answers that it does not know an address.',
    },
    {
      displayName: 'Type of a File',
      name: 'fileTypes',
      type: 'options',
      default: 'kind',
      description: 'What a file says of itself. Change it when files do not arrive.',
      options: [
        { name: 'Its Kind, Such as "Image"', value: 'kind' },
        { name: 'Its MIME Type, Such as "Image/png"', value: 'mime' },
      ],
    },
    {
      displayName: 'Time Zone',
      name: 'timezone',
      type: 'string',
      default: 'America/Sao_Paulo',
      description: 'Of times that NotificaMe tells without a zone',
    },
  ];
}
