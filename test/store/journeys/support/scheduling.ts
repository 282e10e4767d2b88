import {
  listScheduled,
  runScheduled,
  scheduleMessage,
  type ScheduledItem,
  type ScheduleMessageInput,
} from '../../../../core/journeys';
import type { SendResult } from '../../../../core/model';
import type { StoreContext } from '../../../support/storeContext';
import {
  createWorld,
  CUSTOMER,
  type World,
  type WorldOptions,
} from '../../messaging/support/world';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A world whose customer wrote a moment ago, with the verbs of scheduled messages. */
export interface Scheduling {
  world: World;
  /** In an hour, unless the test says otherwise. */
  schedule(changes?: Partial<ScheduleMessageInput>): Promise<SendResult>;
  run(ctx?: World['ctx']): Promise<number>;
  /** Lets time pass, and runs. */
  after(milliseconds: number): Promise<void>;
  all(): Promise<ScheduledItem[]>;
  only(): Promise<ScheduledItem>;
  delivered(): number;
}

export async function createScheduling(
  context: StoreContext,
  options?: WorldOptions,
): Promise<Scheduling> {
  const world = await createWorld(context, options);
  const { ctx, tenantId, account } = world;
  await world.customerWrites();
  const all = async () => {
    const states = ['waiting', 'done', 'cancelled'] as const;
    return (await listScheduled(ctx, { tenantId, states, limit: 100, cursor: null })).items;
  };
  return {
    world,
    schedule: (changes = {}) =>
      scheduleMessage(ctx, {
        tenantId,
        accountId: account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: 'Até amanhã!' },
        idempotencyKey: 'later-1',
        dueAt: context.clock.now() + HOUR_MS,
        why: 'at_time',
        ...changes,
      }),
    run: (other = ctx) => runScheduled(other),
    async after(milliseconds) {
      context.clock.advance(milliseconds);
      await runScheduled(ctx);
    },
    all,
    async only() {
      const [item, ...others] = await all();
      if (!item || others.length > 0) throw new Error(`There are ${others.length} others.`);
      return item;
    },
    delivered: () => world.provider.delivered(CUSTOMER),
  };
}
