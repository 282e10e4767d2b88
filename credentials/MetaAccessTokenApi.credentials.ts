import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** A Page token or a system user token, pasted. Tested by `metaAccessTokenTest` of the nodes that use it. */
export class MetaAccessTokenApi implements ICredentialType {
  name = 'metaAccessTokenApi';

  displayName = 'Meta Access Token API';

  icon = {
    light: 'file:metaAccessToken.svg',
    dark: 'file:metaAccessToken.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/connect-instagram-and-messenger.md';

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
        'A token of a system user (it does not expire) or of the Page, with pages_messaging, pages_manage_metadata, pages_show_list and, for Instagram, instagram_basic and instagram_manage_messages',
      hint: 'Business settings → Users → System users → Generate token. A token of the Graph API Explorer lasts about an hour.',
    },
    {
      displayName: 'App ID',
      name: 'appId',
      type: 'string',
      default: '',
      placeholder: 'e.g. 1234567890123456',
      description: 'The number of your app at Meta, top left in its dashboard',
    },
    {
      displayName: 'App Secret',
      name: 'appSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'Proves that a webhook call comes from Meta, and that a call of ours comes from you',
      hint: "App settings → Basic → App secret → Show. With another app's secret every message is refused.",
    },
    {
      displayName: 'Instagram App Secret',
      name: 'instagramAppSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'Only for apps with Instagram Login: their webhook calls may be signed with it. Calls are accepted under either secret.',
    },
    {
      displayName: 'Page ID',
      name: 'pageId',
      type: 'string',
      default: '',
      placeholder: 'e.g. 100200300400500',
      description:
        'The Page to connect, with its Instagram account. Empty means: every Page the token reaches.',
      hint: "The number under your Page's About → Page transparency, not its name.",
    },
    {
      displayName: 'Verify Token',
      name: 'verifyToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        "A word of your own choice. Type the same into Meta's dashboard beside the callback URL, so that the door knows who asks.",
      hint: 'Without it Meta cannot save the callback URL.',
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
