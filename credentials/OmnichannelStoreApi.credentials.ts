import type { ICredentialType, INodeProperties } from 'n8n-workflow';

const forPostgres = { show: { storage: ['postgres'] } };

/** A second store. Tested by `omnichannelStoreTest` of the nodes: connects, writes and reads back. */
export class OmnichannelStoreApi implements ICredentialType {
  name = 'omnichannelStoreApi';

  displayName = 'Omnichannel Store API';

  icon = {
    light: 'file:omnichannelStore.svg',
    dark: 'file:omnichannelStore.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/store.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName:
        "Most installations need no such credential: the store of this n8n is chosen by itself (OMNICHANNEL_DATABASE_URL, else n8n's own PostgreSQL, else a file). This one is for a second store, chosen under Options of a node.",
      name: 'purposeNotice',
      type: 'notice',
      default: '',
    },
    {
      displayName: 'Storage',
      name: 'storage',
      type: 'options',
      default: 'postgres',
      options: [
        {
          name: 'Embedded (A File)',
          value: 'embedded',
          description: 'For one n8n process; refused in queue mode',
        },
        { name: 'PostgreSQL', value: 'postgres', description: 'For any number of processes' },
      ],
    },
    {
      displayName: 'File Path',
      name: 'filePath',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. /home/node/.n8n/omnichannel/second.sqlite',
      description: 'Full path of the file; it is made if it does not exist',
      hint: 'Keep it on a volume that survives the container, and not on a network drive.',
      displayOptions: { show: { storage: ['embedded'] } },
    },
    {
      displayName: 'Host',
      name: 'host',
      type: 'string',
      default: 'localhost',
      required: true,
      hint: 'In Docker, localhost is the container itself: use the name of the database service.',
      displayOptions: forPostgres,
    },
    {
      displayName: 'Port',
      name: 'port',
      type: 'number',
      default: 5432,
      displayOptions: forPostgres,
    },
    {
      displayName: 'Database',
      name: 'database',
      type: 'string',
      default: 'omnichannel',
      required: true,
      displayOptions: forPostgres,
    },
    {
      displayName: 'User',
      name: 'user',
      type: 'string',
      default: 'omnichannel',
      required: true,
      description: 'May create the schema, or owns it',
      displayOptions: forPostgres,
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: forPostgres,
    },
    {
      displayName: 'SSL',
      name: 'ssl',
      type: 'options',
      default: 'disable',
      options: [
        { name: 'Off', value: 'disable' },
        {
          name: 'On, Any Certificate',
          value: 'require',
          description: 'Encrypted, but not proof against an impostor',
        },
        { name: 'On, Verify Certificate', value: 'verify' },
      ],
      displayOptions: forPostgres,
    },
    {
      displayName: 'Schema',
      name: 'schema',
      type: 'string',
      default: 'omnichannel',
      description: 'Tables of this package live here, apart from everything else',
      displayOptions: forPostgres,
    },
    // The rule knows only usual names of secrets; this one opens every token in the store.
    // eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password
    {
      displayName: 'Encryption Key',
      name: 'encryptionKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        "Seals the tokens in this store. Empty means: OMNICHANNEL_ENCRYPTION_KEY, else n8n's own key.",
      hint: "n8n's generated key lies beside the data. To part them, put a long random text here and keep a copy: without it every account must be reconnected.",
    },
  ];
}
