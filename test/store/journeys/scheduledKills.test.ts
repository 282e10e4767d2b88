import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { settleUnknownSends } from '../../../core/messaging';
import type { SendRequest } from '../../../core/providers/provider';
import { testAbilities } from '../../support/abilities';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import {
  deleteScheduled,
  endClaims,
  explainDue,
  fillScheduled,
} from './support/scheduledUnits.cjs';
import { createScheduling, HOUR_MS, MINUTE_MS } from './support/scheduling';

const MOMENTS = ['claimed', 'reserved', 'accepted', 'answered', 'finished'] as const;

interface Said {
  reached?: string;
  request?: SendRequest;
}

/** Runs what is due in a process of its own, and kills it with -9 where it has come to. */
async function runAndKill(
  { target, secret, clock }: StoreContext,
  dieAt: (typeof MOMENTS)[number],
  accept: (request: SendRequest) => string,
): Promise<void> {
  const child = fork(path.resolve(__dirname, 'support', 'scheduledProcess.cjs'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      SCHEDULED: JSON.stringify({
        target,
        secret,
        abilities: { ...testAbilities, channel: 'messenger' },
        now: clock.now(),
        dieAt,
      }),
    },
  });
  const exited = once(child, 'close');
  await new Promise<void>((resolve, reject) => {
    void exited.then(() => reject(new Error('The process ended by itself.')));
    child.on('message', ({ request, reached }: Said) => {
      if (request) child.send(accept(request));
      if (reached === dieAt) resolve();
      else if (reached) reject(new Error(`It came to "${reached}".`));
    });
  });
  child.kill('SIGKILL');
  await exited;
}

describeOnBothDatabases('a process that is killed while it sends what was scheduled', (context) => {
  afterEach(() => context.store.run(deleteScheduled, null));

  it.each(MOMENTS)('when it has come to "%s" leaves one message, and a result', async (dieAt) => {
    const { world, schedule, run, delivered, only } = await createScheduling(context);
    await schedule();
    context.clock.advance(HOUR_MS);
    await runAndKill(context, dieAt, (request) => {
      const id = 'mid.accepted';
      world.provider.hold(request, id);
      return id;
    });
    expect(delivered()).toBe(dieAt === 'claimed' || dieAt === 'reserved' ? 0 : 1);

    await context.store.run(endClaims, null);
    await run();
    if ((await only()).status === 'scheduled') {
      // Its key is reserved by the process that is gone: the runtime looks for the message.
      await world.age('later-1', 2 * MINUTE_MS);
      await settleUnknownSends(world.ctx);
      context.clock.advance(MINUTE_MS);
      await run();
    }
    expect([delivered(), (await only()).status]).toEqual([1, 'sent']);
    context.clock.advance(HOUR_MS);
    await run();
    expect(delivered()).toBe(1);
  });
});

describeOnBothDatabases('200,000 scheduled messages', (context) => {
  it('are claimed by the index on what is due', async () => {
    const { tenantId } = context.newTenant();
    const from = context.clock.now() - 8;
    const many = { tenantId, done: 150_000, waiting: 50_000, from: from - 150_000 };
    await context.store.run(fillScheduled, many);
    const plan = await context.store.run(explainDue, null);
    expect(plan).toContain('scheduled_messages_due');
    expect(plan).not.toMatch(/\bSCAN scheduled_messages\b(?! USING INDEX)|Seq Scan/);
    await context.store.run(deleteScheduled, null);
  });
});
