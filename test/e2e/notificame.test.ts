import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import { control } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { waitFor } from '../support/waitFor.ts';

const OWN = 'n8n-nodes-omnichannel.';

let playground: TestPlayground;
let credential: { id: string; name: string };

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'notificame' });
  const { api, sandbox } = playground;
  const { baseUrl, apiToken } = sandbox.seed.notificaMe;
  const data = { profile: 'hub', apiToken, baseUrl };
  const id = await api.createCredential('NotificaMe', 'notificaMeApi', data);
  credential = { id, name: 'NotificaMe' };
  const workflowId = await api.createWorkflow(answering());
  await api.publish(workflowId);
}, 240_000);

afterAll(async () => {
  await playground?.remove();
});

const test = testWith(() => playground);

/** A trigger as door and consumer, and the node that answers. */
function answering(): WorkflowDefinition {
  const credentials = { notificaMeApi: credential };
  return {
    name: 'Answer on every channel of NotificaMe',
    nodes: [
      {
        id: 'notificame-trigger',
        name: 'NotificaMe Trigger',
        type: `${OWN}notificaMeTrigger`,
        typeVersion: 1,
        position: [0, 0],
        webhookId: 'notificame-e2e',
        credentials,
        parameters: { events: ['message.received'] },
      },
      {
        id: 'notificame-answer',
        name: 'NotificaMe',
        type: `${OWN}notificaMe`,
        typeVersion: 1,
        position: [240, 0],
        credentials,
        parameters: { text: '={{ "Recebido: " + $json.message.text }}' },
      },
    ],
    connections: {
      'NotificaMe Trigger': { main: [[{ node: 'NotificaMe', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

const hub = () => playground.sandbox.context.store.state.notificaMe;
/** The bundled welcome answers new leads beside: only what this workflow says is counted. */
const answers = (personId: string) =>
  hub().messages.filter(
    (one) => one.personId === personId && JSON.stringify(one.contents).includes('"Recebido: '),
  );
const writes = (channelId: string, personId: string, text: string) =>
  control(playground.sandbox, 'POST', '/notificame/messages', { channelId, personId, text });

describe('NotificaMe in a real n8n', () => {
  test('the credential is tested by the channels that its token reaches', async () => {
    const answer = await playground.api.testCredential(credential.id);
    expect(answer.status).toBe('OK');
    expect(answer.message).toContain('ClinicaSorrisoBot');
  });

  test('a message comes in and is answered, on WhatsApp, Instagram and Telegram', async () => {
    const people = [
      [HUB_SEED.whatsAppChannelId, HUB_SEED.whatsAppPersonId],
      [HUB_SEED.instagramChannelId, HUB_SEED.instagramPersonId],
      [HUB_SEED.telegramChannelId, HUB_SEED.telegramPersonId],
    ] as const;
    expect(hub().subscriptions).toHaveLength(10);
    for (const [channelId, personId] of people) {
      await writes(channelId, personId, `Olá, ${personId}`);
      const [answer] = await waitFor(
        () => {
          const found = answers(personId);
          return found.length > 0 ? found : undefined;
        },
        { what: `the answer to ${personId}`, timeoutMs: 30_000 },
      );
      expect(answer?.contents).toEqual([{ type: 'text', text: `Recebido: Olá, ${personId}` }]);
    }
  });

  test('the same message posted again is not answered again', async () => {
    const post = hub().posts.find(({ body }) => body.includes('"MESSAGE"'));
    for (const _ of [1, 2, 3]) {
      const answer = await fetch(post?.url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: post?.body ?? '',
      });
      expect(answer.status).toBe(200);
    }
    await writes(HUB_SEED.telegramChannelId, HUB_SEED.telegramPersonId, 'E sábado?');
    await waitFor(() => answers(HUB_SEED.telegramPersonId).length === 2, {
      what: 'the answer to what came after',
      timeoutMs: 30_000,
    });
    expect(answers(HUB_SEED.whatsAppPersonId)).toHaveLength(1);
  });

  test('a call with another secret is refused', async () => {
    const [first] = hub().subscriptions;
    const url = new URL(first?.webhook.url ?? '');
    url.pathname = url.pathname.replace(/[^/]+$/, 'a-guess');
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });
});
