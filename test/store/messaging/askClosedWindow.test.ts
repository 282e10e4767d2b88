/** A question where the channel's window is closed: an approved template asks it, and its quick replies answer it. */
import { InvalidInputError, type OutboundContent } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWaiting } from './support/waiting';
import { DAY_MS } from './support/world';

/** With a payload on as many quick replies as there are answers. */
const asking = async (payloads: string[]): Promise<OutboundContent> => ({
  type: 'template',
  template: {
    name: 'confirmacao',
    language: 'pt_BR',
    category: 'utility',
    body: [],
    buttons: payloads.map((payload, index) => ({ index, kind: 'quickReply', payload })),
    cards: [],
  },
});

describeOnBothDatabases('a question in a closed window', (context) => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  async function closed() {
    const waiting = await createWaiting(context, open);
    const { provider } = waiting.world;
    provider.moreAbilities = { windowFreeTypes: ['template'] };
    provider.approvedTemplates = async () => [{ name: 'confirmacao', language: 'pt_BR' }];
    context.clock.advance(2 * DAY_MS);
    const sent = () => provider.calls.at(-1)?.content;
    const payloads = () => {
      const content = sent();
      return content?.type === 'template'
        ? content.template.buttons.map((one) => (one.kind === 'quickReply' ? one.payload : ''))
        : [];
    };
    return { ...waiting, sent, payloads };
  }

  it('is not asked, nothing waits, and the result names the templates that could ask it', async () => {
    const { world, ask } = await closed();
    await expect(ask()).resolves.toMatchObject({
      kind: 'notSent',
      result: {
        status: 'skipped',
        reason: 'window_closed',
        detail: expect.stringContaining('confirmacao (pt_BR)') as unknown,
        templates: [{ name: 'confirmacao', language: 'pt_BR' }],
      },
    });
    expect(await world.rows('waits')).toEqual([]);
    expect(world.provider.calls).toEqual([]);
  });

  it('is asked by the template, and a tap on one of its quick replies resumes the execution', async () => {
    const { execution, ask, taps, resume, payloads } = await closed();
    await expect(ask({ whenWindowClosed: asking })).resolves.toMatchObject({
      kind: 'waiting',
      result: { status: 'sent', fallback: { reason: 'window_closed', template: 'confirmacao' } },
    });
    expect(payloads()).toHaveLength(2);
    await taps(payloads()[1]);
    await resume();
    expect(execution.resumedWith).toMatchObject([{ approved: false }]);
  });

  it('is answered in words where the template has no quick replies', async () => {
    const { execution, ask, says, resume } = await closed();
    await ask({ whenWindowClosed: () => asking([]) });
    await says('Confirmo');
    await resume();
    expect(execution.resumedWith).toMatchObject([{ approved: true }]);
  });

  it('is asked once, with the same payloads, by a run that repeats another one', async () => {
    const { world, ask, payloads } = await closed();
    await ask({ whenWindowClosed: asking });
    const first = payloads();
    await expect(ask({ whenWindowClosed: asking })).resolves.toMatchObject({
      kind: 'waiting',
      result: { duplicate: true },
    });
    expect(world.provider.calls).toHaveLength(1);
    expect(payloads()).toEqual(first);
  });

  it('leaves nothing that waits where the template cannot be filled', async () => {
    const { world, ask } = await closed();
    const missing = new InvalidInputError('Variables', 'Body 1 is missing.', { hint: 'Fill it.' });
    await expect(ask({ whenWindowClosed: () => Promise.reject(missing) })).rejects.toThrow(missing);
    expect(await world.rows('waits')).toEqual([]);
  });

  it('is asked as it is while the window is open', async () => {
    const { ask, says, sent } = await closed();
    await says('Oi de novo');
    await ask({ whenWindowClosed: asking });
    expect(sent()).toMatchObject({ type: 'buttons', text: 'Confirma a consulta?' });
  });
});
