import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { listOf } from '../../../shared/fieldValues';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import { accountOf, missing } from '../../../shared/accountRuns';
import { accountRun, type MetaRun, type MetaPlace } from '../../accountRuns';
import { appOf, levelProperties, objectProperty } from './fields';

export const properties = [
  ...levelProperties,
  objectProperty,
  {
    displayName: 'Callback URL',
    name: 'callbackUrl',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://n8n.example.com/webhook/…/meta',
    description:
      'What Meta is to call. Empty means: the published Instagram and Messenger Trigger of this credential.',
    hint: 'Meta calls it at once to check the verify token, so the workflow must be published. The address that the app had for this object is replaced.',
    displayOptions: { show: { level: ['app'] } },
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Fields',
        name: 'fields',
        type: 'string',
        default: '',
        placeholder: 'e.g. messages, messaging_postbacks',
        description:
          "Meta's names of the events, separated by commas. Empty means: everything that this package understands.",
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

type Read = ParameterReader<typeof properties>;

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { fields, ...place } = read('options');
  const chosen = listOf(fields);
  const wanted = chosen.length > 0 ? chosen : undefined;
  return read('level') === 'account'
    ? await subscribeAccount(run, place, read, wanted)
    : await subscribeApp(await run.open(place), read, wanted);
});

async function subscribeAccount(
  run: MetaRun,
  place: Parameters<MetaRun['open']>[0],
  read: Read,
  wanted: string[] | undefined,
): Promise<IDataObject> {
  return await run.withAccount(place, read('account'), async (connection, app) => {
    const fields = await core.meta.subscribePage(app.http, connection, wanted);
    return { success: true, level: 'account', fields, ...accountOf(connection) };
  });
}

async function subscribeApp(
  place: MetaPlace,
  read: Read,
  wanted: string[] | undefined,
): Promise<IDataObject> {
  const { app, chosen } = place;
  const { verifyToken } = chosen.credential;
  if (!verifyToken) throw missing('Verify Token', 'Fill it in in the credential.');
  const object = read('object');
  const callbackUrl = read('callbackUrl').trim() || (await urlOfDoor(place));
  const fields = await core.meta.subscribeApp(app.http, appOf(chosen.credential), {
    object,
    callbackUrl,
    verifyToken,
    ...(wanted && { fields: wanted }),
  });
  return { success: true, level: 'app', object, callbackUrl, fields };
}

async function urlOfDoor({ app, tenant, chosen }: MetaPlace): Promise<string> {
  const doors = await core.accounts.listDoors(app, tenant, { credentialId: chosen.id });
  const door = doors.find(({ provider, unwantedSince }) => provider === 'meta' && !unwantedSince);
  if (door) return door.url;
  throw missing(
    'Callback URL',
    'Publish a workflow with an Instagram and Messenger Trigger of this credential first, or fill in the address.',
  );
}
