import type { INodeProperties } from 'n8n-workflow';
import { accountOf, missing } from '../../../shared/accountRuns';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import { accountRun, type WhatsAppRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  {
    ...numberLocator,
    hint: 'The subscription is that of its business account, for all its numbers.',
  },
  {
    displayName: 'Address',
    name: 'address',
    type: 'options',
    default: 'trigger',
    description: 'Where WhatsApp reports to, for this business account',
    hint: 'An address other than that of the dashboard is called at once to check the verify token: it must answer by then.',
    options: [
      {
        name: 'Another One',
        value: 'own',
        description: 'The one below, instead of the address in the dashboard',
      },
      {
        name: "The One in the App's Dashboard",
        value: 'dashboard',
        description: 'An address that was set for this business account ends',
      },
      {
        name: 'The Published Trigger',
        value: 'trigger',
        description: 'The WhatsApp Cloud Trigger of this credential',
      },
    ],
  },
  {
    displayName: 'Callback URL',
    name: 'callbackUrl',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://n8n.example.com/webhook/…/whatsapp',
    description: 'Up to 200 characters, with https',
    displayOptions: { show: { address: ['own'] } },
  },
  placeOptions,
] as const satisfies INodeProperties[];

type Read = ParameterReader<typeof properties>;

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const place = read('options');
  const override = await overrideOf(run, read);
  return await run.withAccount(place, read('account'), async (connection, app) => {
    await core.whatsApp.subscribeBusiness(app.http, connection, override);
    return {
      success: true,
      subscribed: true,
      callbackUrl: override?.url ?? null,
      ...accountOf(connection),
    };
  });
});

async function overrideOf(run: WhatsAppRun, read: Read) {
  const address = read('address');
  if (address === 'dashboard') return null;
  const { app, tenant, chosen } = await run.open(read('options'));
  const verifyToken = chosen.credential.verifyToken ?? '';
  if (address === 'own') return { url: read('callbackUrl').trim(), verifyToken };
  const doors = await core.accounts.listDoors(app, tenant, { credentialId: chosen.id });
  const door = doors.find(
    ({ provider, unwantedSince }) => provider === 'whatsapp_cloud' && !unwantedSince,
  );
  if (door) return { url: door.url, verifyToken };
  throw missing(
    'Address',
    'Publish a workflow with a WhatsApp Cloud Trigger of this credential first, or write the address.',
  );
}
