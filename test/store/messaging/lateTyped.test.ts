import { payloadOf } from '../../../core/messaging/waits/expectation';
import type { EventItem } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { deleteRows } from './support/messagingUnits.cjs';
import { createWaiting } from './support/waiting';
import type { World } from './support/world';

const MINUTE = 60_000;

/** The question of a wait once more, as a message that has its choices below it. */
async function askAgain(world: World, waitId: string): Promise<void> {
  const button = (title: string, approved: boolean, words: string[]) => ({
    type: 'postback' as const,
    title,
    payload: payloadOf(waitId, { label: title, approved }),
    words,
  });
  const buttons = [button('Confirmo', true, ['sim']), button('Não posso', false, ['nao'])];
  const { status } = await world.send({ content: { type: 'buttons', text: 'E então?', buttons } });
  expect(status).toBe('sent');
}

type Received = Promise<{ items: EventItem[] }>;

/** Kept for the execution that asked. */
async function expectAnswer(received: Received): Promise<void> {
  expect((await received).items).toMatchObject([
    { event: 'message.received', conversation: { automation: { reason: 'answer' } } },
  ]);
}

/** A message as any other, which starts workflows and chooses nothing. */
async function expectConversation(received: Received): Promise<void> {
  expect((await received).items).toMatchObject([
    {
      event: 'message.received',
      message: { buttonPayload: null },
      conversation: { automation: { paused: false } },
    },
  ]);
}

describeOnBothDatabases('a late text where there are no buttons', (context) => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  const textWaiting = async () => {
    const waiting = await createWaiting(context, open);
    const abilities = { contentTypes: ['text' as const], buttonTypes: [], maxButtons: 0 };
    waiting.world.provider.moreAbilities = abilities;
    return waiting;
  };

  it('is conversation below the numbers that the question itself shows', async () => {
    const { ask, says } = await textWaiting();
    await ask();
    await expectAnswer(says('2.'));
    for (const late of ['2.', 'Confirmo']) await expectConversation(says(late));
  });

  it('is conversation once it is answered or gone, whatever the text would choose', async () => {
    const { world, execution, ask, says, resume, wait } = await textWaiting();
    await ask({ expiresAt: context.clock.now() + 60 * MINUTE });
    const { id } = await wait();
    await askAgain(world, id);
    context.clock.advance(MINUTE);
    await expectAnswer(says('sim'));
    await resume();
    expect(execution.resumedWith).toMatchObject([{ approved: true }]);
    for (const late of ['sim', '2', 'Confirmo']) await expectConversation(says(late));
    await world.tenant.run(deleteRows, 'waits');
    await expectConversation(says('sim'));
  });

  it('is conversation when the time is over, and nobody is told that it is too late', async () => {
    const { world, execution, ask, says, resume, wait } = await textWaiting();
    await ask({ expiresAt: context.clock.now() + 60 * MINUTE });
    await askAgain(world, (await wait()).id);
    const calls = world.provider.calls.length;
    context.clock.advance(2 * 60 * MINUTE);
    for (const late of ['sim', '1']) await expectConversation(says(late));
    await resume();
    expect(execution.calls).toBe(0);
    expect(world.provider.calls).toHaveLength(calls);
  });
});
