import type { JourneyChange } from '../../messaging/journey/change';
import type { Store } from '../../store/store';
import { settingsOf, type TenantsContext } from '../../tenants';
import { checkWatch } from './check';
import { previewJourney as preview, readJourneyChange } from './preview.unit';
import type { JourneyItem, JourneyWatch } from './types';

export type { JourneyChange } from '../../messaging/journey/change';
export {
  startJourneyTrigger,
  type ActiveJourney,
  type JourneyDeps,
  type JourneyTrigger,
  type JourneyTriggerOptions,
  type JourneyTuning,
} from './trigger';
export type { Birthday, JourneyItem, JourneyWatch, Lead } from './types';

/**
 * What a trigger with these settings would emit next, or would have emitted last. Nothing is claimed.
 * @returns null: nothing matches within a year
 * @throws InvalidInputError naming the field; StoreError
 */
export async function previewJourney(
  ctx: TenantsContext,
  tenantId: string,
  watch: JourneyWatch,
): Promise<JourneyItem | null> {
  checkWatch(watch);
  const settings = await settingsOf(ctx, tenantId);
  return await ctx.store.forTenant(tenantId).run(preview, { watch, settings: clonable(settings) });
}

function clonable({ quietHours, timeZone, custom }: Awaited<ReturnType<typeof settingsOf>>) {
  return { quietHours, timeZone, custom: { holidays: custom.holidays } };
}

/**
 * Whether what a journey key stands for still holds: the appointment is where it was, the person has not written or
 * opted out since.
 * @returns null: it does
 * @throws StoreError
 */
export async function recheckJourney(
  ctx: { store: Store },
  tenantId: string,
  journeyKey: string,
): Promise<JourneyChange | null> {
  return await ctx.store.forTenant(tenantId).run(readJourneyChange, { key: journeyKey });
}
