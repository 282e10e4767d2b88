import type { INodeProperties } from 'n8n-workflow';

/** Which of the two APIs the panel offers; the credential says the same. */
export const profileProperties = [
  {
    displayName: 'Profile',
    name: 'profile',
    type: 'options',
    noDataExpression: true,
    default: 'hub',
    description: 'As chosen in the credential',
    options: [
      { name: 'Hub', value: 'hub', description: "NotificaMe's channels" },
      {
        name: 'Instances API (Unproven)',
        value: 'instances',
        description: 'Endpoints of older documents, for a server that answers at them',
      },
    ],
  },
  {
    displayName:
      '<b>Unproven at NotificaMe.</b> The Instances API stands in older integration documents only, and nobody was seen using it there. It works with a server that answers at the paths in the credential.',
    name: 'unprovenNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { profile: ['instances'] } },
  },
] as const satisfies INodeProperties[];
