import type { INodeProperties } from 'n8n-workflow';

const forCustomHeader = { show: { scheme: ['customHeader'] } };

/** How the sender signs. */
export const schemeProperties = [
  {
    displayName: 'Signature',
    name: 'scheme',
    type: 'options',
    default: 'standardWebhooks',
    description: 'How the sender signs its calls',
    options: [
      {
        name: 'Header of Choice',
        value: 'customHeader',
        description: 'HMAC of the body, in a header that the sender names',
      },
      {
        name: 'Standard Webhooks',
        value: 'standardWebhooks',
        description:
          'Headers webhook-ID, webhook-timestamp and webhook-signature: sent by this package, Svix, Resend and many more. The best choice where there is one: ID and time are signed too.',
      },
      {
        name: 'X-Hub-Signature-256',
        value: 'xHubSignature256',
        description: 'Hex HMAC-SHA256 of the body after "sha256=": GitHub, Meta, Chatwoot',
      },
      {
        name: 'X-Webhook-Signature',
        value: 'xWebhookSignature',
        description: 'Hex HMAC-SHA256 of the body: sent by this package beside Standard Webhooks',
      },
    ],
  },
  {
    displayName: 'Header Name',
    name: 'headerName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. X-Signature',
    description: 'The header that carries the signature',
    displayOptions: forCustomHeader,
  },
  {
    displayName: 'Prefix',
    name: 'headerPrefix',
    type: 'string',
    default: '',
    placeholder: 'e.g. sha256=',
    description: 'What stands before the signature in that header, if anything',
    displayOptions: forCustomHeader,
  },
  {
    displayName: 'Encoding',
    name: 'encoding',
    type: 'options',
    default: 'hex',
    options: [
      { name: 'Base64', value: 'base64' },
      { name: 'Hex', value: 'hex' },
    ],
    displayOptions: forCustomHeader,
  },
  {
    displayName: 'Algorithm',
    name: 'algorithm',
    type: 'options',
    default: 'sha256',
    options: [
      { name: 'HMAC-SHA1', value: 'sha1', description: 'Only for senders that know nothing newer' },
      { name: 'HMAC-SHA256', value: 'sha256' },
      { name: 'HMAC-SHA512', value: 'sha512' },
    ],
    displayOptions: forCustomHeader,
  },
] as const satisfies INodeProperties[];
