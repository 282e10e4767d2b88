import type { INode, INodeProperties } from 'n8n-workflow';

/** How a node of Meta is given its access: the field, and the credential behind each of its values. */
export const authenticationProperties = [
  {
    displayName: 'Connect With',
    name: 'authentication',
    type: 'options',
    noDataExpression: true,
    default: 'accessToken',
    options: [
      {
        name: 'Access Token',
        value: 'accessToken',
        description: 'A token you paste: of a system user, or of the Page',
      },
      {
        name: 'Meta Login (OAuth2)',
        value: 'oAuth2',
        description: 'Log in with Facebook or Instagram in a window; the token renews itself',
      },
    ],
  },
  {
    displayName:
      'After connecting, load the list of accounts here <b>within the hour</b> (or publish the trigger): the token that Meta hands n8n lives an hour, and is then exchanged for one that lasts and renews itself.',
    name: 'loginNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { authentication: ['oAuth2'] } },
  },
] as const satisfies INodeProperties[];

export const CREDENTIAL_TYPES = {
  accessToken: 'metaAccessTokenApi',
  oAuth2: 'metaOAuth2Api',
} as const;

export type Authentication = keyof typeof CREDENTIAL_TYPES;

/** Out of the node itself: the field takes no expression, and in the background n8n's reader no longer works. */
export function authenticationOf({ parameters }: Pick<INode, 'parameters'>): Authentication {
  return parameters.authentication === 'oAuth2' ? 'oAuth2' : 'accessToken';
}
