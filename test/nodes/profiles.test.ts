import { readDueProfiles } from '../../core/messaging/profiles/readProfiles';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const trigger = new MetaMessagingTrigger();
const PATH = '/webhook/webhook-id/meta';
let instance: Instance;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const eventsOf = async (type: 'message.received' | 'contact.updated') =>
  (await core.events.listEvents(await app(), 'default', { filter: { types: [type] }, limit: 50 }))
    .items;

beforeAll(async () => {
  instance = await startInstance();
  const setup = {
    node: trigger,
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => trigger.webhook.call(webhookContext(setup, call)));
  await trigger.webhookMethods.default.create.call(hookContext(setup));
  for (const object of ['page', 'instagram']) {
    await instance.control('POST', '/subscriptions', {
      callbackUrl: instance.server.url + PATH,
      verifyToken: instance.credential.verifyToken,
      object,
      subscribePages: true,
    });
  }
});
afterAll(() => instance.close());

it('gives people of Instagram and Messenger their names, which webhooks do not carry', async () => {
  const { personas } = instance.sandbox.seed;
  const [ofInstagram] = personas.instagram;
  const [ofMessenger] = personas.messenger;
  if (!ofInstagram || !ofMessenger) throw new Error('The sandbox has nobody there.');
  for (const [channel, persona] of [
    ['instagram', ofInstagram],
    ['messenger', ofMessenger],
  ] as const) {
    await instance.control('POST', '/inject', { channel, persona: persona.id, text: 'Oi' });
  }
  const received = await waitFor(
    async () => {
      const items = await eventsOf('message.received');
      return items.length === 2 && items;
    },
    { what: 'both messages' },
  );
  expect(received.map(({ contact }) => contact?.name)).toEqual([null, null]);
  await readDueProfiles(await app(), new AbortController().signal);
  await readDueProfiles(await app(), new AbortController().signal);
  const told = await eventsOf('contact.updated');
  expect(told).toHaveLength(2);
  expect(told.find(({ channel }) => channel === 'instagram')).toMatchObject({
    contact: { externalId: ofInstagram.id, name: expect.any(String) as unknown },
    data: { changed: ['name', 'username'], username: ofInstagram.username },
  });
  expect(told.find(({ channel }) => channel === 'messenger')).toMatchObject({
    contact: { externalId: ofMessenger.id, name: expect.any(String) as unknown },
    data: { changed: ['name'] },
  });
});
