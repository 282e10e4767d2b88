import { takeResumption, type AskInput } from '../../../core/messaging';
import { payloadOf } from '../../../core/messaging/waits/expectation';
import { toSelection } from '../../../core/events/filter';
import type { EventItem } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { deleteRows } from './support/messagingUnits.cjs';
import { createWaiting } from './support/waiting';
import type { World } from './support/world';

const MINUTE = 60_000;
const FREE_TEXT: AskInput['question'] = { responseType: 'freeText', text: 'Qual horário?' };

/** The payloads of the buttons that went out, by their words. */
function buttonsOf(world: World): Record<string, string> {
  const content = world.provider.calls.at(-1)?.content;
  if (content?.type !== 'buttons') throw new Error('No buttons were sent.');
  return Object.fromEntries(
    content.buttons.map((button) => [button.title, 'payload' in button ? button.payload : '']),
  );
}

const pausedOf = (items: EventItem[]) =>
  items
    .filter(({ message }) => message)
    .map(({ conversation }) => conversation?.automation.reason ?? null);

describeOnBothDatabases('a question that an execution waits for', (context) => {
  const open: (() => Promise<unknown>)[] = [];
  const waiting = () => createWaiting(context, open);
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  it('goes out with buttons, and a tap resumes the execution once', async () => {
    const { world, execution, ask, taps, resume, wait } = await waiting();
    await expect(ask()).resolves.toMatchObject({ kind: 'waiting', result: { status: 'sent' } });
    const buttons = buttonsOf(world);
    expect(Object.keys(buttons)).toEqual(['Confirmo', 'Não posso']);
    const { items } = await taps(buttons['Não posso']);
    expect(pausedOf(items)).toEqual(['answer']);
    await resume();
    await resume();
    expect(execution.resumedWith).toEqual([
      { approved: false, respondedAt: new Date(context.clock.now()).toISOString() },
    ]);
    expect(execution.calls).toBe(1);
    await expect(wait()).resolves.toMatchObject({ state: 'resumed', next_attempt_at: null });
  });

  it('asks with numbers where the channel has no buttons, or they do not fit', async () => {
    const { world, execution, ask, says, resume } = await waiting();
    world.provider.moreAbilities = { contentTypes: ['text'], maxButtons: 0 };
    await ask();
    expect(world.provider.calls.at(-1)?.content).toEqual({
      type: 'text',
      text: 'Confirma a consulta?\n\n1 - Confirmo\n2 - Não posso',
    });
    const { items } = await says('quanto custa?');
    expect(pausedOf(items)).toEqual([null]);
    await says('2.');
    await resume();
    expect(execution.resumedWith).toMatchObject([{ approved: false }]);
  });

  it('takes the words of a button for a tap on it, but no number that nobody wrote', async () => {
    const { execution, ask, says, resume, wait } = await waiting();
    await ask();
    await says('1');
    await expect(wait()).resolves.toMatchObject({ state: 'waiting' });
    await says('CONFIRMO!');
    await resume();
    expect(execution.resumedWith).toMatchObject([{ approved: true }]);
  });

  it('takes the next text as the answer to a free question, and leaves pictures alone', async () => {
    const { execution, ask, says, resume } = await waiting();
    await ask({ question: FREE_TEXT });
    const picture = await says('', { type: 'image', text: null });
    expect(pausedOf(picture.items)).toEqual([null]);
    await says('Amanhã às 15h');
    const { items } = await says('Obrigada!');
    expect(pausedOf(items)).toEqual([null]);
    await resume();
    expect(execution.resumedWith).toMatchObject([{ text: 'Amanhã às 15h' }]);
  });

  it('takes a text that is faster than the answer of the provider, and none from before', async () => {
    const { world, execution, ask, says, resume } = await waiting();
    world.provider.behaviours.push(async () => {
      await says('Antes', { occurredAt: context.clock.now() - MINUTE });
      await says('Amanhã às 15h');
      return 'accept';
    });
    await ask({ question: FREE_TEXT });
    await resume();
    expect(execution.resumedWith).toMatchObject([{ text: 'Amanhã às 15h' }]);
  });

  it('takes no text for an answer while the question cannot have left', async () => {
    const { ask, says, wait } = await waiting();
    await ask({
      question: FREE_TEXT,
      whenWindowClosed: async () => {
        const { items } = await says('Antes');
        expect(pausedOf(items)).toEqual([null]);
        return { type: 'text', text: 'Qual horário?' };
      },
    });
    await expect(wait()).resolves.toMatchObject({ state: 'waiting', answer: null });
  });

  it('takes no tap below an older message for the answer to a free question', async () => {
    const { ask, says, wait } = await waiting();
    await ask({ question: FREE_TEXT });
    await says('5 - Ótimo', { buttonPayload: 'FEEDBACK:a1:5' });
    await expect(wait()).resolves.toMatchObject({ state: 'waiting', answer: null });
    await says('Esperei demais');
    expect(JSON.parse((await wait()).answer ?? '')).toMatchObject({ text: 'Esperei demais' });
  });

  it('gives a text to the newest question and a tap to its own one', async () => {
    const { world, ask, says, taps, wait } = await waiting();
    await ask();
    const { Confirmo } = buttonsOf(world);
    context.clock.advance(1_000);
    await ask({ question: FREE_TEXT, idempotencyKey: 'ask-2' });
    context.clock.advance(1_000);
    await ask({ question: FREE_TEXT, idempotencyKey: 'ask-3' });
    await says('Para a terceira');
    await says('Para a segunda');
    await taps(Confirmo);
    const answers = await Promise.all(['ask-1', 'ask-2', 'ask-3'].map((key) => wait(key)));
    expect(answers.map(({ answer }) => JSON.parse(answer ?? '{}') as object)).toEqual([
      expect.objectContaining({ approved: true }),
      expect.objectContaining({ text: 'Para a segunda' }),
      expect.objectContaining({ text: 'Para a terceira' }),
    ]);
  });

  it('does not take what was written before it, or to a person who has taken over', async () => {
    const { world, ask, says, wait } = await waiting();
    await ask({ question: FREE_TEXT });
    await says('Antes', { occurredAt: context.clock.now() - MINUTE });
    await world.receive(world.event('handover', { action: 'take', newOwnerAppId: '1' }));
    await says('Ao atendente');
    await expect(wait()).resolves.toMatchObject({ state: 'waiting', answer: null });
  });

  it('takes no word for an answer with which they want no messages, or a person', async () => {
    const { ask, says, wait } = await waiting();
    await ask({ question: FREE_TEXT });
    await says('PARAR');
    await says('atendente');
    await expect(wait()).resolves.toMatchObject({ state: 'waiting' });
  });

  it('lets the answer start other workflows where that is wanted', async () => {
    const { ask, says } = await waiting();
    await ask({ question: FREE_TEXT, keepsAnswer: false });
    const { items } = await says('Amanhã');
    expect(pausedOf(items)).toEqual([null]);
  });

  it('is over with its time: a tap then is told once that it is too late', async () => {
    const { world, ask, execution, taps, resume, wait } = await waiting();
    await ask({ expiresAt: context.clock.now() + MINUTE });
    const { Confirmo } = buttonsOf(world);
    context.clock.advance(MINUTE);
    await taps(Confirmo);
    await resume();
    await taps(Confirmo);
    await resume();
    expect(execution.calls).toBe(0);
    expect(world.provider.calls.map(({ content }) => content.type)).toEqual(['buttons', 'text']);
    expect(world.provider.calls.at(-1)?.content).toEqual({ type: 'text', text: 'Tarde demais.' });
    await expect(wait()).resolves.toMatchObject({ state: 'ended', next_attempt_at: null });
  });

  it('closes itself when its time is over, so that nobody reads it with every message', async () => {
    const { ask, resume, wait } = await waiting();
    await ask({ expiresAt: context.clock.now() + MINUTE });
    context.clock.advance(MINUTE);
    await resume();
    await expect(wait()).resolves.toMatchObject({ state: 'ended', next_attempt_at: null });
  });

  it.each(['pt-BR', 'en'] as const)('has its own sentence for that in %s', async (language) => {
    const { world, ctx, ask, taps, resume } = await waiting();
    await saveSettings(ctx, world.tenantId, { language });
    await ask({ tooLateText: undefined });
    const { Confirmo } = buttonsOf(world);
    await taps(Confirmo);
    await resume();
    await taps(Confirmo);
    await resume();
    const said = language === 'en' ? 'This question' : 'Esta pergunta';
    expect(world.provider.calls.at(-1)?.content).toMatchObject({
      text: expect.stringContaining(said) as unknown,
    });
  });

  it('says nothing of a second tap where no sentence is wanted', async () => {
    const { world, ask, taps, resume } = await waiting();
    await ask({ tooLateText: null });
    const { Confirmo } = buttonsOf(world);
    await taps(Confirmo);
    await resume();
    await taps(Confirmo);
    await resume();
    expect(world.provider.calls).toHaveLength(1);
  });

  it('does not know a payload of another conversation', async () => {
    const { world, ask, wait } = await waiting();
    await ask();
    const { Confirmo } = buttonsOf(world);
    await world.receive(
      world.event('postback', { payload: Confirmo, contact: { externalId: 'somebody else' } }),
    );
    await expect(wait()).resolves.toMatchObject({ state: 'waiting' });
  });

  describe('that is asked again by a run that repeats another', () => {
    it('is sent once, and the newest execution gets the answer', async () => {
      const { world, execution, ask, taps, resume } = await waiting();
      await ask({ resume: { executionId: '76', nodeId: 'node-1', path: '/webhook-waiting/76/x' } });
      await expect(ask()).resolves.toMatchObject({
        kind: 'waiting',
        result: { status: 'sent', duplicate: true },
      });
      expect(world.provider.calls).toHaveLength(1);
      await taps(buttonsOf(world).Confirmo);
      await resume();
      expect(execution.resumedWith).toHaveLength(1);
    });

    it('has its answer at once where it was answered meanwhile, and resumes nobody', async () => {
      const { world, execution, ask, taps, resume } = await waiting();
      await ask();
      await taps(buttonsOf(world).Confirmo);
      const answered = { kind: 'answered', answer: { approved: true } };
      await expect(ask()).resolves.toMatchObject(answered);
      await resume();
      expect(execution.calls).toBe(0);
      await expect(ask()).resolves.toMatchObject(answered);
      expect(world.provider.calls).toHaveLength(1);
    });

    it('is over where its time was', async () => {
      const { ask } = await waiting();
      await ask({ expiresAt: context.clock.now() + MINUTE });
      context.clock.advance(MINUTE);
      await expect(ask()).resolves.toEqual({ kind: 'over' });
    });
  });

  describe('that is not sent', () => {
    it('waits for nothing, and its key is free again', async () => {
      const { world, ask } = await waiting();
      world.provider.refusesTextWith = 'consulta';
      await expect(ask()).resolves.toMatchObject({ kind: 'notSent' });
      await expect(world.rows('waits')).resolves.toEqual([]);
      world.provider.refusesTextWith = null;
      await expect(ask()).resolves.toMatchObject({ kind: 'waiting', result: { status: 'sent' } });
    });

    it('is waited for while nobody knows, and takes a tap meanwhile', async () => {
      const { world, execution, ask, taps, resume, wait } = await waiting();
      world.provider.behaviours.push('acceptThenCut');
      await expect(ask()).resolves.toMatchObject({ result: { status: 'unknown' } });
      await taps(payloadOf((await wait()).id, { label: '', approved: true }));
      await resume();
      expect(execution.resumedWith).toMatchObject([{ approved: true }]);
      expect(world.provider.calls).toHaveLength(1);
    });

    it('tells the execution when it turns out that it never left', async () => {
      const { world, execution, ask, resume } = await waiting();
      world.provider.behaviours.push('cut');
      await ask();
      await world.tenant.run(deleteRows, 'idempotency_keys');
      context.clock.advance(15_000);
      await resume();
      await resume();
      expect(execution.resumedWith).toEqual([{ notSent: 'The question was not sent.' }]);
    });
  });

  describe('whose execution n8n', () => {
    const answered = async () => {
      const all = await waiting();
      await all.ask({ question: FREE_TEXT });
      await all.says('Amanhã');
      return all;
    };
    /** As a trigger would see it. */
    const forTriggers = async (world: World) => {
      const rows = await world.rows('events');
      const { types } = toSelection({});
      return rows
        .filter((row) => types.includes(row.type as never) && row.automation_paused === 0)
        .map((row) => (JSON.parse(row.payload) as EventItem).message?.text);
    };

    it('still calls running is resumed when it waits', async () => {
      const { execution, resume } = await answered();
      execution.doings = ['running', 'running', 'waits'];
      for (let second = 0; second < 3; second += 1) {
        await resume();
        context.clock.advance(1_000);
      }
      expect(execution.calls).toBe(3);
      expect(execution.resumedWith).toMatchObject([{ text: 'Amanhã' }]);
    });

    it('calls running for half a minute is given up, and the message goes to the other workflows', async () => {
      const { world, execution, resume, wait } = await answered();
      execution.doings = ['running'];
      await expect(forTriggers(world)).resolves.not.toContain('Amanhã');
      for (let second = 0; second <= 32; second += 1) {
        await resume();
        context.clock.advance(1_000);
      }
      expect(execution.calls).toBe(31);
      await expect(wait()).resolves.toMatchObject({ state: 'ended' });
      await expect(forTriggers(world)).resolves.toContain('Amanhã');
      const texts = (await world.events()).map(({ message }) => message?.text);
      expect(texts.filter((text) => text === 'Amanhã')).toHaveLength(1);
    });

    it.each(['gone', 'page'] as const)('no longer has (%s) gives the message back', async (how) => {
      const { world, execution, resume, wait } = await answered();
      execution.doings = [how];
      await resume();
      await expect(wait()).resolves.toMatchObject({ state: 'ended' });
      await expect(forTriggers(world)).resolves.toContain('Amanhã');
    });

    it('cannot be reached for is resumed when it is back', async () => {
      const { execution, resume, wait } = await answered();
      execution.doings = ['cut', 'stranger', 'waits'];
      await resume();
      await expect(wait()).resolves.toMatchObject({ state: 'answered' });
      context.clock.advance(MINUTE);
      await resume();
      await expect(wait()).resolves.toMatchObject({
        state: 'answered',
        last_error: expect.stringContaining('200') as unknown,
      });
      context.clock.advance(MINUTE);
      await resume();
      expect(execution.resumedWith).toHaveLength(1);
    });

    it('is killed for while it resumes goes on once', async () => {
      const { execution, resume, wait } = await answered();
      execution.doings = ['waitsThenCut', 'running'];
      await resume();
      await expect(wait()).resolves.toMatchObject({ state: 'answered', taken_attempt: 1 });
      context.clock.advance(MINUTE);
      await resume();
      expect(execution.resumedWith).toHaveLength(1);
      await expect(wait()).resolves.toMatchObject({ state: 'resumed' });
    });

    it('has not written down that it resumes gets the answer again', async () => {
      const { execution, resume, wait } = await answered();
      execution.doings = ['waitsThenCut', 'waits'];
      await resume();
      context.clock.advance(MINUTE);
      await resume();
      expect(execution.resumedWith).toHaveLength(2);
      await expect(wait()).resolves.toMatchObject({ state: 'resumed' });
    });
  });

  it('takes each attempt once, by its own address alone, and no answer of an older question', async () => {
    const { execution, ask, ctx, says, resume } = await waiting();
    await ask({ question: FREE_TEXT });
    await says('Amanhã');
    execution.doings = ['cut'];
    await resume();
    const body = execution.lastBody;
    const call = (path: string) => takeResumption(ctx, { body, path });
    await expect(call('/webhook-waiting/78/node-1?signature=0f1e2d')).resolves.toBeNull();
    await expect(call(execution.path)).resolves.toMatchObject({ text: 'Amanhã' });
    await expect(call(execution.path)).resolves.toBeNull();
    context.clock.advance(MINUTE);
    await resume();
    const second = execution.lastBody;
    await ask({ question: FREE_TEXT, idempotencyKey: 'ask-2' });
    await expect(takeResumption(ctx, { body: second, path: execution.path })).resolves.toBeNull();
  });
});
