import type { OutboundContent } from '../../../../core/model';
import { saveSettings, type SettingsPatch } from '../../../../core/tenants';
import type { StoreContext } from '../../../support/storeContext';
import { createWorld, CUSTOMER, type World, type WorldOptions } from './world';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const ALWAYS = { from: '00:00', to: '24:00', days: EVERY_DAY };
/** Of tests in which the hour does not matter. */
export const NO_QUIET = { utility: ALWAYS, marketing: ALWAYS };

export const templateOf = (category: string): OutboundContent => ({
  type: 'template',
  template: { name: category, language: 'pt_BR', category, body: [], buttons: [], cards: [] },
});

/** A world whose channel takes templates, and whose customer has written and agreed to marketing. */
export async function agreeingWorld(
  context: StoreContext,
  settings: SettingsPatch = {},
  options: WorldOptions = {},
): Promise<World> {
  const world = await createWorld(context, options);
  world.provider.moreAbilities = { windowFreeTypes: ['template'] };
  await saveSettings(world.ctx, world.tenantId, { quietHours: NO_QUIET, ...settings });
  await agree(world);
  return world;
}

/** Somebody writes and agrees to marketing. */
export async function agree(world: World, externalId = CUSTOMER): Promise<void> {
  const contact = { externalId };
  await world.receive(
    world.event('message', { contact, text: 'Oi' }),
    world.event('preference', { contact, wants: 'resume' }),
  );
}
