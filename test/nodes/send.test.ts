import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

interface SandboxMessage {
  text?: string;
  direction: string;
  attachments: unknown[];
  quickReplies?: unknown[];
}

const trigger = new MetaMessagingTrigger();
const PATH = '/webhook/webhook-id/meta';
const nodeTypes = {
  ...probeNodes,
  [`${PACKAGE}.metaMessaging`]: new MetaMessaging(),
  [`${PACKAGE}.omnichannel`]: new Omnichannel(),
};
let instance: Instance;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

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

/** A customer writes; what the trigger would emit for it. */
async function customerWrites(channel: 'instagram' | 'messenger', text: string) {
  const persona = instance.sandbox.seed.personas[channel][0];
  if (!persona) throw new Error('The sandbox has nobody there.');
  await instance.control('POST', '/inject', { channel, persona: persona.id, text });
  const item = await waitFor(
    async () => {
      const { items } = await core.events.listEvents(await app(), 'default', {
        filter: { types: ['message.received'] },
        limit: 500,
      });
      return items.find((one) => one.message?.text === text);
    },
    { what: `the event of "${text}"` },
  );
  const json = item as unknown as IDataObject;
  return { persona, item: { json } satisfies INodeExecutionData };
}

/** Meta refuses the next message: it was surely not sent. */
const refuseOnce = () =>
  instance.control('POST', '/faults', { kind: 'failBefore', error: { code: 100 } });

async function answersTo(personaId: string) {
  const query = `/messages?persona=${personaId}&direction=out`;
  return (await instance.control<{ data: SandboxMessage[] }>('GET', query)).data;
}

function workflow(send: Partial<TestNode>) {
  return {
    nodes: [
      { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
      {
        name: 'Send',
        type: `${PACKAGE}.metaMessaging`,
        credentials: { metaAccessTokenApi: { id: 'credential-1', name: 'Meta' } },
        ...send,
      },
    ],
    connections: [['Trigger', 'Send'] as [string, string]],
  };
}

function run(
  send: Partial<TestNode>,
  items: INodeExecutionData[],
  credential = instance.credential,
) {
  return runWorkflow(workflow(send), {
    nodeTypes,
    items,
    credentials: { metaAccessTokenApi: credential },
  });
}

describe('Instagram and Messenger: send', () => {
  it('answers the person of the trigger item with its defaults, once however often it runs', async () => {
    const { persona, item } = await customerWrites('instagram', 'Oi, quero agendar');
    const send = { parameters: { text: 'Bem-vinda à Clínica!' } };
    const first = await run(send, [item]);
    const again = await run(send, [item]);
    expect(first.error).toBeUndefined();
    const [result] = first.output('Send').flat();
    expect(result).toMatchObject({
      json: { status: 'sent', channel: 'instagram', provider: 'meta' },
      pairedItem: { item: 0 },
    });
    expect(again.output('Send').flat()[0]?.json).toMatchObject({
      status: 'sent',
      duplicate: true,
      messageId: result?.json.messageId,
    });
    expect((await answersTo(persona.id)).map(({ text }) => text)).toEqual(['Bem-vinda à Clínica!']);
  });

  it('sends a picture, buttons and quick replies as the panel describes them', async () => {
    const { persona, item } = await customerWrites('messenger', 'O que vocês oferecem?');
    const contents = [
      { contentType: 'image', url: `${instance.sandbox.url}/nothing.png` },
      {
        contentType: 'buttons',
        text: 'Escolha',
        buttons: {
          button: [
            { title: 'Agendar' },
            { type: 'url', title: 'Site', url: 'https://example.com' },
          ],
        },
      },
      {
        contentType: 'quickReplies',
        text: 'Quando?',
        quickReplies: {
          quickReply: [{ title: 'Manhã', payload: 'TURNO_MANHA' }, { title: 'Tarde' }],
        },
      },
    ];
    await instance.control('PATCH', '/settings', { fetchMedia: 'never' });
    for (const parameters of contents) {
      const options = { sendAgain: 'everyRun' };
      const { error } = await run({ parameters: { ...parameters, options } }, [item]);
      expect(error).toBeUndefined();
    }
    const answers = await answersTo(persona.id);
    expect(answers).toHaveLength(3);
    const seen = JSON.stringify(answers);
    for (const part of ['TURNO_MANHA', 'Tarde', 'Agendar', 'https://example.com', 'nothing.png']) {
      expect(seen).toContain(part);
    }
  });

  it('stops the workflow with the sentence and the next step when Meta refuses', async () => {
    const { item } = await customerWrites('messenger', 'Amanhã?');
    await instance.control('POST', '/clock', { advanceMs: 25 * 3_600_000 });
    const { run: finished, error } = await run({ parameters: { text: 'Sim' } }, [item]);
    await instance.control('POST', '/clock', { reset: true });
    expect(error).toMatch(/24/);
    expect(finished.data.resultData.error).toMatchObject({
      name: 'NodeApiError',
      description: expect.stringContaining('window_closed') as unknown,
      context: { itemIndex: 0 },
    });
  });

  it('goes on with error and result in the item where the admin chose to continue', async () => {
    const { persona, item } = await customerWrites('messenger', 'Continua?');
    await refuseOnce();
    const send = {
      parameters: { text: 'Continuamos' },
      onError: 'continueRegularOutput' as const,
    };
    const { error, output } = await run(send, [item, item]);
    expect(error).toBeUndefined();
    const [failed, sent] = output('Send').flat();
    expect(failed).toMatchObject({
      json: { status: 'failed', reason: 'provider_rejected' },
      pairedItem: { item: 0 },
    });
    expect(failed?.json.error).toEqual(expect.any(String));
    expect(sent?.json).toMatchObject({ status: 'sent' });
    expect((await answersTo(persona.id)).at(-1)?.text).toBe('Continuamos');
  });

  it('returns a refusal as a result where the admin wants results only', async () => {
    const { item } = await customerWrites('messenger', 'Resultado?');
    await refuseOnce();
    const parameters = { text: 'Oi', options: { whenNotSent: 'return' } };
    const { error, output } = await run({ parameters }, [item]);
    expect(error).toBeUndefined();
    expect(output('Send').flat()[0]?.json).toMatchObject({ status: 'failed' });
  });

  it('treats a skipped message as a result, and as an error where the admin wants that', async () => {
    const { item } = await customerWrites('messenger', 'Pulada?');
    const stranger = { json: { ...item.json, contact: { externalId: '999' } } };
    const byDefault = await run({ parameters: { text: 'Oi' } }, [stranger]);
    expect(byDefault.output('Send').flat()[0]?.json).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
    });
    const strict = { text: 'Oi', options: { whenNotSent: 'fail' } };
    expect((await run({ parameters: strict }, [stranger])).error).toEqual(expect.any(String));
  });

  it('sends what was surely not sent when n8n retries the execution', async () => {
    const { persona, item } = await customerWrites('messenger', 'De novo?');
    await refuseOnce();
    const send = { parameters: { text: 'Agora sim' } };
    expect((await run(send, [item])).error).toEqual(expect.any(String));
    const retried = await run(send, [item]);
    expect(retried.output('Send').flat()[0]?.json).toMatchObject({ status: 'sent' });
    expect((await answersTo(persona.id)).at(-1)?.text).toBe('Agora sim');
  });

  it('stops with 429 when Meta has too many calls, and pauses the account until the time Meta names', async () => {
    const { persona, item } = await customerWrites('messenger', 'Devagar?');
    const before = (await answersTo(persona.id)).length;
    await instance.control('POST', '/faults', { kind: 'throttle', error: { code: 80006 } });
    const send = { parameters: { text: 'Com calma' } };
    const refused = await run(send, [item]);
    expect(refused.run.data.resultData.error).toMatchObject({
      name: 'NodeApiError',
      httpCode: '429',
    });
    const request = {
      tenantId: 'default',
      accountId: (item.json.connection as unknown as { id: string }).id,
    };
    const present = await app();
    // Beside the answer that says it, what Meta says is noted.
    await waitFor(async () => !(await core.limits.checkLimit(present, request)).allowed, {
      what: 'the pause of the account',
    });
    const paused = await run(send, [item]);
    expect(paused.run.data.resultData.error).toMatchObject({
      httpCode: '429',
      message: expect.stringMatching(/is paused for another \d/) as unknown,
    });
    expect(await answersTo(persona.id)).toHaveLength(before);
    await core.limits.resetLimit(present, { ...request, liftPause: true });
    expect((await run(send, [item])).output('Send').flat()[0]?.json).toMatchObject({
      status: 'sent',
      rateLimit: { perMinute: { limit: 60 } },
    });
    expect(await answersTo(persona.id)).toHaveLength(before + 1);
  });

  it('waits at the limit of the account where it was asked to, and else stops with 429', async () => {
    await waitFor(() => Date.now() % 60_000 < 50_000, { what: 'the next minute' });
    const { persona, item } = await customerWrites('messenger', 'Tem vaga?');
    const accountId = (item.json.connection as unknown as { id: string }).id;
    const present = await app();
    const limitTo = (perMinute: number | null) =>
      core.limits.setLimits(present, 'default', accountId, { perMinute });
    const before = (await answersTo(persona.id)).length;
    expect((await run({ parameters: { text: 'Tem' } }, [item])).error).toBeUndefined();
    const { windows } = await core.limits.checkLimit(present, { tenantId: 'default', accountId });
    await limitTo(60 - windows.perMinute.remaining);

    const impatient = { idempotencyKey: 'patient', whenLimited: 'wait', maxWaitSeconds: 1 };
    const parameters = { text: 'Às 10h', options: impatient };
    expect((await run({ parameters }, [item])).run.data.resultData.error).toMatchObject({
      httpCode: '429',
      message: expect.stringMatching(/none is left, and there is room again in/) as unknown,
    });
    expect(await answersTo(persona.id)).toHaveLength(before + 1);

    const patient = { ...impatient, maxWaitSeconds: 120 };
    const waiting = run({ parameters: { text: 'Às 10h', options: patient } }, [item]);
    await limitTo(null);
    expect((await waiting).output('Send').flat()[0]?.json).toMatchObject({ status: 'sent' });
    expect(await answersTo(persona.id)).toHaveLength(before + 2);
  });

  it('names the field and the remedy when an expression yields nothing', async () => {
    const { run: finished } = await run({ parameters: { text: 'Oi' } }, [{ json: {} }]);
    expect(finished.data.resultData.error).toMatchObject({
      name: 'NodeOperationError',
      message: '"Account" is empty.',
      description: 'Choose one from the list.',
    });
  });

  it('checks the limits of the channel before anything is sent', async () => {
    const { persona, item } = await customerWrites('instagram', 'Muito texto?');
    const before = (await answersTo(persona.id)).length;
    const parameters = { text: 'é'.repeat(600), options: { splitLongText: false } };
    const { error } = await run({ parameters }, [item]);
    expect(error).toMatch(/1,200 bytes; Instagram allows 1,000/);
    expect(await answersTo(persona.id)).toHaveLength(before);
  });

  it('never shows the token, the app secret or the proof in an error', async () => {
    const { item } = await customerWrites('messenger', 'Segredo?');
    const broken = { ...instance.credential, accessToken: 'EAAG-invented-token' };
    await instance.control('PATCH', `/tokens/${instance.credential.accessToken}`, {
      invalid: { code: 190 },
    });
    const { run: finished, error } = await run({ parameters: { text: 'Oi' } }, [item], broken);
    await instance.control('PATCH', `/tokens/${instance.credential.accessToken}`, {
      invalid: null,
    });
    expect(error).toMatch(/token/i);
    const everything = JSON.stringify(finished.data.resultData);
    for (const secret of [
      'EAAG-invented-token',
      instance.credential.accessToken,
      instance.credential.appSecret,
    ]) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('Omnichannel: send', () => {
  it('answers a conversation on its own channel without any credential', async () => {
    const { persona, item } = await customerWrites('instagram', 'Outro nó');
    const send = {
      type: `${PACKAGE}.omnichannel`,
      credentials: {},
      parameters: { text: 'Respondido' },
    };
    const { error, output } = await run(send, [item]);
    expect(error).toBeUndefined();
    expect(output('Send').flat()[0]?.json).toMatchObject({
      status: 'sent',
      channel: 'instagram',
      conversationId: (item.json.conversation as IDataObject).id,
    });
    expect((await answersTo(persona.id)).at(-1)?.text).toBe('Respondido');
  });

  it('knows no conversation of another tenant', async () => {
    const { item } = await customerWrites('instagram', 'Inquilino');
    const send = {
      type: `${PACKAGE}.omnichannel`,
      credentials: {},
      parameters: { text: 'Oi', options: { tenant: 'someone-else' } },
    };
    expect((await run(send, [item])).error).toMatch(/does not exist/);
  });
});
