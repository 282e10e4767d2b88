import {
  createBroadcast,
  getBroadcast,
  moveBroadcast,
  runDueBroadcasts,
  type BroadcastItem,
  type CreateBroadcastInput,
  type CreatedBroadcast,
} from '../../../../core/journeys/broadcasts';

import { setLimits } from '../../../../core/limits';
import { saveSettings } from '../../../../core/tenants';
import type { World } from '../../messaging/support/world';

/** `person-001` and so on: as the provider knows them. */
export function names(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `person-${String(index + 1).padStart(4, '0')}`,
  );
}

/** People who have written, so that they may be written to. */
export async function meet(world: World, people: readonly string[]): Promise<void> {
  await world.receive(
    ...people.map((externalId) => world.event('message', { contact: { externalId } })),
  );
}

/** No hours are quiet: processes of their own have the clock on the wall. */
export async function openAllDay(world: World): Promise<void> {
  const hours = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
  await saveSettings(world.ctx, world.tenantId, {
    quietHours: { utility: hours, marketing: hours },
  });
}

/** Limits that nobody reaches. */
export async function raiseLimits(world: World): Promise<void> {
  const most = { perMinute: 100_000, perHour: 1_000_000, perDay: 10_000_000 };
  await setLimits(world.ctx, world.tenantId, world.account.id, most);
}

/** A draft that says everybody's own name to them. */
export async function draftTo(
  world: World,
  people: readonly string[],
  parts: Partial<CreateBroadcastInput> = {},
): Promise<CreatedBroadcast> {
  return await createBroadcast(world.ctx, {
    tenantId: world.tenantId,
    accountId: world.account.id,
    name: 'Novidades',
    category: 'utility',
    createKey: 'draft-1',
    people: people.map((recipient, item) => ({
      item,
      recipient,
      message: async () => ({ content: { type: 'text', text: `Oi, ${recipient}!` } }),
    })),
    ...parts,
  });
}

export async function start(world: World, { broadcastId }: BroadcastItem): Promise<BroadcastItem> {
  return await moveBroadcast(world.ctx, { tenantId: world.tenantId, broadcastId }, 'start');
}

export async function shown(world: World, { broadcastId }: { broadcastId: string }) {
  return await getBroadcast(world.ctx, { tenantId: world.tenantId, broadcastId });
}

/** One look of the runner. @returns milliseconds until it wants the next */
export async function runOnce(world: World, fence = 1): Promise<number> {
  return await runDueBroadcasts(world.ctx, { fence, signal: new AbortController().signal });
}

/** What each of them got, in the order in which it came. */
export function textsTo(world: World, person: string): string[] {
  return world.provider.calls.flatMap(({ recipientExternalId, content }) =>
    recipientExternalId === person && content.type === 'text' ? [content.text] : [],
  );
}
