import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountRun, openHub } from '../../accountRuns';

export const properties = [
  {
    displayName: 'Channel',
    name: 'connectType',
    type: 'options',
    default: 'whatsapp',
    options: [
      { name: 'Facebook (Messenger)', value: 'facebook' },
      { name: 'Instagram', value: 'instagram' },
      { name: 'WhatsApp', value: 'whatsapp' },
    ],
  },
  {
    displayName: 'Origin of Your Page',
    name: 'redirectOrigin',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://crm.example.com',
    description:
      'The origin of the page that opens the window; at its end the window posts {"status":"channel-success"} to it. Empty means: this n8n.',
  },
  {
    displayName:
      "The address carries the sub-account's token: give it only to whoever owns that sub-account. When the window has closed, Channel: Get Many shows the new channel.",
    name: 'tokenNotice',
    type: 'notice',
    default: '',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { app, access } = await openHub(run, read('options'));
  const type = read('connectType');
  const redirectOrigin = read('redirectOrigin').trim() || new URL(app.host.publicUrl).origin;
  const channels = await core.notificaMe.workingChannels(app.http, access);
  return {
    type,
    url: core.notificaMe.connectAddress(access, { type, redirectOrigin }),
    redirectOrigin,
    channelsBefore: channels,
  };
});
