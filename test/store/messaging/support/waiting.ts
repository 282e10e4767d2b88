import { askAndWait, resumeAnswered, type AskInput } from '../../../../core/messaging';
import type { StoreContext } from '../../../support/storeContext';
import { testClient } from '../../../unit/http/support/clients';
import { FakeExecution } from './fakeExecution';
import { deleteRows } from './messagingUnits.cjs';
import { createWorld, CUSTOMER } from './world';

export const APPROVAL: AskInput['question'] = {
  responseType: 'approval',
  text: 'Confirma a consulta?',
  options: [
    { label: 'Confirmo', approved: true },
    { label: 'Não posso', approved: false },
  ],
};

/** A world with an execution of n8n that can wait in it. @param open closed after the test */
export async function createWaiting(context: StoreContext, open: (() => Promise<unknown>)[]) {
  const world = await createWorld(context);
  const execution = new FakeExecution(context.store);
  const localUrl = await execution.start();
  const http = testClient();
  open.push(
    () => execution.stop(),
    () => http.close(),
    // The runner works for every tenant.
    () => world.tenant.run(deleteRows, 'waits'),
  );
  const ctx = { ...world.ctx, http, host: { localUrl } };
  await world.customerWrites();
  const ask = (parts: Partial<AskInput> = {}) =>
    askAndWait(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      question: APPROVAL,
      resume: { executionId: '77', nodeId: 'node-1', path: execution.path },
      expiresAt: null,
      keepsAnswer: true,
      tooLateText: 'Tarde demais.',
      idempotencyKey: 'ask-1',
      ...parts,
    });
  return {
    world,
    execution,
    ctx,
    ask,
    says: (text: string, parts: object = {}) =>
      world.receive(world.event('message', { text, ...parts })),
    taps: async (payload: string | undefined) =>
      world.receive(world.event('postback', { payload: payload ?? '' })),
    /** Lets the runtime work until nothing is due now. */
    async resume() {
      await resumeAnswered(ctx);
    },
    wait: async (key = 'ask-1') => {
      const rows = await world.rows('waits');
      const row = rows.find((one) => one.key === key);
      if (!row) throw new Error(`There is no wait ${key}.`);
      return row;
    },
  };
}
