import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** What both sides of a webhook know. Tested by `signedWebhookTest` of the trigger. */
export class SignedWebhookApi implements ICredentialType {
  name = 'signedWebhookApi';

  displayName = 'Signed Webhook API';

  icon = {
    light: 'file:signedWebhook.svg',
    dark: 'file:signedWebhook.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/signed-webhook-trigger.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName: 'Secret',
      name: 'secret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      placeholder: 'e.g. whsec_…',
      description: 'The secret that the sender signs with, exactly as the sender shows it',
      hint: 'The node Webhook Delivery shows it once, when it makes a subscription. With another one every call gets 401.',
    },
    {
      displayName: 'Previous Secret',
      name: 'previousSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'The one before, while the sender changes over: calls are accepted under either. Empty it afterwards.',
    },
  ];
}
