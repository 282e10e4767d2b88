import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** The same as LOGIN_SCOPES of core/providers/meta (a test compares them): n8n loads this file at every start. */
const FACEBOOK_SCOPES =
  'pages_show_list,pages_messaging,pages_manage_metadata,pages_read_engagement,business_management,instagram_basic,instagram_manage_messages,instagram_manage_comments';
const INSTAGRAM_SCOPES =
  'instagram_business_basic,instagram_business_manage_messages,instagram_business_manage_comments';

const forFacebook = { show: { login: ['facebook'] } };
const forInstagram = { show: { login: ['instagram'] } };

/** A login through Meta's own dialog, with n8n's connect button. `connection: check` of Omnichannel is its test. */
export class MetaOAuth2Api implements ICredentialType {
  name = 'metaOAuth2Api';

  displayName = 'Meta OAuth2 API';

  extends = ['oAuth2Api'];

  icon = {
    light: 'file:metaOAuth2.svg',
    dark: 'file:metaOAuth2.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/connect-instagram-and-messenger.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName:
        'After connecting, open a node with this credential <b>within the hour</b> and load its list of accounts: Meta hands n8n a token that lives an hour, and only then is it exchanged for one that lasts and renews itself.',
      name: 'withinTheHourNotice',
      type: 'notice',
      default: '',
    },
    {
      displayName: 'Log In With',
      name: 'login',
      type: 'options',
      default: 'facebook',
      options: [
        {
          name: 'Facebook Login (Pages)',
          value: 'facebook',
          description: 'Messenger, and the Instagram accounts that are linked to your Pages',
        },
        {
          name: 'Business Login for Instagram',
          value: 'instagram',
          description: 'One professional Instagram account, without any Page',
        },
      ],
      description: 'Which dialog of Meta opens. One app uses the one or the other for Instagram.',
    },
    {
      displayName: 'App ID',
      name: 'clientId',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. 1234567890123456',
      description: 'The number of the app that people log in with',
      hint: 'Facebook Login: App settings → Basic. Instagram: the Instagram app ID under Instagram → API setup with Instagram login, which is another number.',
    },
    {
      displayName: 'App Secret',
      name: 'clientSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'The secret beside that number. It also proves that a webhook call is from Meta.',
    },
    {
      displayName: 'Meta App ID',
      name: 'metaAppId',
      type: 'string',
      default: '',
      displayOptions: forInstagram,
      placeholder: 'e.g. 1234567890123456',
      description:
        'The app that the Instagram app belongs to (App settings → Basic). Needed to manage its webhooks from a workflow.',
    },
    {
      displayName: 'Meta App Secret',
      name: 'metaAppSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: forInstagram,
      description:
        'Some apps have their webhook calls signed with this secret instead: calls are accepted under either',
    },
    {
      displayName: 'Instagram App ID',
      name: 'instagramAppId',
      type: 'string',
      default: '',
      displayOptions: forFacebook,
      placeholder: 'e.g. 1234567890123456',
      description: 'Only if the same app also has Instagram Login',
    },
    {
      displayName: 'Instagram App Secret',
      name: 'instagramAppSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: forFacebook,
      description:
        'Only if the same app also has Instagram Login: webhook calls are accepted under either secret',
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
      displayName: 'Login Configuration ID',
      name: 'configurationId',
      type: 'string',
      default: '',
      displayOptions: forFacebook,
      placeholder: 'e.g. 9876543210987654',
      description:
        'Only for apps with Facebook Login for Business: the configuration says which permissions are asked for',
    },
    {
      displayName: 'Choose Permissions',
      name: 'customScopes',
      type: 'boolean',
      default: false,
      description:
        'Whether to ask for other permissions than the usual ones, for example because the app has no Instagram',
    },
    {
      displayName: 'Permissions',
      name: 'facebookScopes',
      type: 'string',
      default: FACEBOOK_SCOPES,
      displayOptions: { show: { customScopes: [true], login: ['facebook'] } },
      description:
        'Separated by commas. Messenger needs pages_messaging; Instagram needs instagram_basic and instagram_manage_messages.',
    },
    {
      displayName: 'Permissions',
      name: 'instagramScopes',
      type: 'string',
      default: INSTAGRAM_SCOPES,
      displayOptions: { show: { customScopes: [true], login: ['instagram'] } },
      description:
        'Separated by commas. Messages need instagram_business_basic and instagram_business_manage_messages.',
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
      description: 'Change it, and the others, only for a sandbox or a proxy',
    },
    {
      displayName: 'Dialog Base URL',
      name: 'dialogBaseUrl',
      type: 'string',
      default: 'https://www.facebook.com',
      description: 'Where the dialog of Facebook Login is',
    },
    {
      displayName: 'Instagram Graph Base URL',
      name: 'instagramGraphBaseUrl',
      type: 'string',
      default: 'https://graph.instagram.com',
      description: 'Where the API for tokens of Instagram Login is',
    },
    {
      displayName: 'Instagram Token Base URL',
      name: 'instagramTokenBaseUrl',
      type: 'string',
      default: 'https://api.instagram.com',
      description: 'Where the code of the login is exchanged',
    },
    {
      displayName: 'Instagram Dialog Base URL',
      name: 'instagramDialogBaseUrl',
      type: 'string',
      default: 'https://www.instagram.com',
      description: 'Where the dialog of Business Login for Instagram is',
    },
    {
      displayName: 'Grant Type',
      name: 'grantType',
      type: 'hidden',
      default: 'authorizationCode',
    },
    {
      displayName: 'Authorization URL',
      name: 'authUrl',
      type: 'hidden',
      default:
        '={{ $self["login"] === "instagram" ? $self["instagramDialogBaseUrl"] + "/oauth/authorize" : $self["dialogBaseUrl"] + "/" + $self["graphVersion"] + "/dialog/oauth" }}',
    },
    {
      displayName: 'Access Token URL',
      name: 'accessTokenUrl',
      type: 'hidden',
      default:
        '={{ $self["login"] === "instagram" ? $self["instagramTokenBaseUrl"] + "/oauth/access_token" : $self["graphBaseUrl"] + "/" + $self["graphVersion"] + "/oauth/access_token" }}',
    },
    {
      displayName: 'Scope',
      name: 'scope',
      type: 'hidden',
      default: `={{ $self["login"] === "instagram" ? ($self["customScopes"] ? $self["instagramScopes"] : "${INSTAGRAM_SCOPES}") : ($self["configurationId"] ? "" : ($self["customScopes"] ? $self["facebookScopes"] : "${FACEBOOK_SCOPES}")) }}`,
    },
    {
      displayName: 'Auth URI Query Parameters',
      name: 'authQueryParameters',
      type: 'hidden',
      default:
        '={{ $self["login"] === "facebook" && $self["configurationId"] ? "override_default_response_type=true&config_id=" + $self["configurationId"] : "" }}',
    },
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'hidden',
      default: 'body',
    },
  ];
}
