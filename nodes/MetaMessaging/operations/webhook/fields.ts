import type { INodeProperties } from 'n8n-workflow';
import type { MetaCredential } from '../../../../core/providers/meta';
import { InvalidInputError } from '../../../../core/model/errors';
import { accountLocator } from '../../../shared/accounts';

const AT_ACCOUNT = { show: { level: ['account'] } };
const AT_APP = { show: { level: ['app'] } };

/** Meta has two layers, and both must be there before anything arrives. */
export const levelProperties = [
  {
    displayName: 'Level',
    name: 'level',
    type: 'options',
    noDataExpression: true,
    default: 'account',
    description: 'Meta calls only when both are subscribed: the app at an address, and the account',
    options: [
      {
        name: 'Account',
        value: 'account',
        description: 'Which events of this Page or Instagram account Meta reports',
      },
      {
        name: 'App',
        value: 'app',
        description: 'Which address Meta calls, for all accounts of the app',
      },
    ],
  },
  {
    ...accountLocator,
    description: 'The Page or Instagram account',
    hint: "A Page's subscription covers its Instagram account.",
    displayOptions: AT_ACCOUNT,
  },
] as const satisfies INodeProperties[];

export const objectProperty = {
  displayName: 'Object',
  name: 'object',
  type: 'options',
  default: 'page',
  description: 'What the events are about; the app has one address for each',
  displayOptions: AT_APP,
  options: [
    { name: 'Instagram', value: 'instagram' },
    { name: 'Page (Messenger)', value: 'page' },
  ],
} as const satisfies INodeProperties;

/**
 * What the app speaks for itself with.
 * @throws InvalidInputError when the credential does not say which app it is
 */
export function appOf({ appId, appSecret, graphBaseUrl, graphVersion }: MetaCredential) {
  if (appId && appSecret) {
    return { appId, appSecret, baseUrl: graphBaseUrl, version: graphVersion };
  }
  throw new InvalidInputError(
    appId ? 'App Secret' : 'App ID',
    'The credential does not say which app this is about.',
    { hint: 'Fill in App ID and App Secret in the credential (App settings, Basic).' },
  );
}
