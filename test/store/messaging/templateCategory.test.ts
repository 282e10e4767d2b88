/** A template is what its provider counts it as, whatever its sender calls it: for caps, opt-outs, hours and opt-in. */
import type { ApprovedTemplate, OutboundContent } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { agreeingWorld } from './support/agreeing';
import { DAY_MS, type World } from './support/world';

const reminder: OutboundContent = {
  type: 'template',
  template: { name: 'lembrete', language: 'pt_BR', body: [], buttons: [], cards: [] },
};

/** As an account whose provider lists the template so. */
async function listing(context: StoreContext, category: string): Promise<World> {
  const world = await agreeingWorld(context);
  const list: ApprovedTemplate[] = [{ name: 'lembrete', language: 'pt_BR', category }];
  world.provider.approvedTemplates = async () => list;
  return world;
}

let keys = 0;
const sends = (world: World) => {
  keys += 1;
  return world.send({
    content: reminder,
    category: 'utility',
    idempotencyKey: `template ${keys}`,
  });
};

/** What was sent, as it is counted. */
async function notedOf(world: World): Promise<Array<string | null>> {
  const rows = await world.rows('messages');
  return rows.filter(({ direction }) => direction === 'outbound').map(({ category }) => category);
}

const movesToMarketing = (world: World) =>
  world.receive(
    world.event('templateCategory', {
      templateName: 'lembrete',
      language: 'pt_BR',
      previousCategory: 'UTILITY',
      category: 'MARKETING',
      effectiveAt: null,
    }),
  );

describeOnBothDatabases('a template that its sender calls utility', (context) => {
  it('is counted as marketing where its provider lists it so', async () => {
    const world = await listing(context, 'marketing');
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await notedOf(world)).toEqual(['marketing']);
    expect(await sends(world)).toMatchObject({ status: 'skipped', reason: 'frequency_cap' });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('is counted as marketing from the event on that tells of it, though the list is a copy', async () => {
    const world = await listing(context, 'utility');
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    await movesToMarketing(world);
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await sends(world)).toMatchObject({ status: 'skipped', reason: 'frequency_cap' });
  });

  it('is what the list says once the event is two days old', async () => {
    const world = await listing(context, 'utility');
    await movesToMarketing(world);
    context.clock.advance(3 * DAY_MS);
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await notedOf(world)).toEqual(['utility', 'utility']);
  });

  it('is what the event said where nobody can read the list', async () => {
    const world = await agreeingWorld(context);
    let reads = 0;
    world.provider.approvedTemplates = async () => {
      reads += 1;
      throw new Error('There is no answer.');
    };
    await movesToMarketing(world);
    context.clock.advance(3 * DAY_MS);
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await sends(world)).toMatchObject({ status: 'skipped', reason: 'frequency_cap' });
    expect(reads).toBe(1);
  });

  it('goes as what its sender says where nobody knows better', async () => {
    const world = await agreeingWorld(context);
    expect(await sends(world)).toMatchObject({ status: 'sent' });
    expect(await sends(world)).toMatchObject({ status: 'sent' });
  });

  it('keeps the hours of marketing where it is that', async () => {
    const world = await listing(context, 'marketing');
    const hour = (new Date(context.clock.now()).getUTCHours() + 12) % 24;
    const clock = `${String(hour).padStart(2, '0')}:`;
    const marketing = { from: `${clock}00`, to: `${clock}30` };
    const timeZone = 'UTC';
    await saveSettings(world.ctx, world.tenantId, { timeZone, quietHours: { marketing } });
    expect(await sends(world)).toMatchObject({ status: 'skipped', reason: 'quiet_hours' });
  });
});
