import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** A WhatsApp business account with its numbers. Tested by `whatsAppCloudTest` of the nodes that use it. */
export class WhatsAppCloudApi implements ICredentialType {
  name = 'whatsAppCloudApi';

  displayName = 'WhatsApp Cloud API';

  icon = {
    light: 'file:whatsAppCloud.svg',
    dark: 'file:whatsAppCloud.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/connect-whatsapp.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName: 'Access Token',
      name: 'accessToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'The token of a system user, with whatsapp_business_messaging and whatsapp_business_management',
      hint: 'Business settings → Users → System users → Generate token. The token shown under API Setup lasts a day.',
    },
    {
      displayName: 'Phone Number ID',
      name: 'phoneNumberId',
      type: 'string',
      default: '',
      placeholder: 'e.g. 106540352242922',
      description: 'The number to connect. Empty means: every number of the business account.',
      hint: 'Under WhatsApp → API Setup, below the number. It is not the phone number itself.',
    },
    {
      displayName: 'WhatsApp Business Account ID',
      name: 'businessAccountId',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. 102290129340398',
      description: 'The account that the number and its message templates belong to (WABA ID)',
      hint: 'On the same page, beside the phone number ID. It is not the ID of the app.',
    },
    {
      displayName: 'App Secret',
      name: 'appSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'Proves that a webhook call comes from Meta, and that a call of ours comes from you. To receive messages it must be there.',
      hint: "App settings → Basic → App secret → Show. With another app's secret every message is refused.",
    },
    {
      displayName: 'Verify Token',
      name: 'verifyToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'A word of your own choice, by which the address of the trigger is proven to Meta. To receive messages it must be there.',
    },
    {
      displayName: 'Graph Version',
      name: 'graphVersion',
      type: 'string',
      default: 'v25.0',
      placeholder: 'e.g. v25.0',
      description: "Version of Meta's API. v25.0 works until July 2028.",
    },
    {
      displayName: 'Graph Base URL',
      name: 'graphBaseUrl',
      type: 'string',
      default: 'https://graph.facebook.com',
      description: 'Change it only for a sandbox or a proxy',
    },
  ];
}
