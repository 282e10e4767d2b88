/**
 * Two tenants in one n8n: whatever a node of one of them asks the core for with the other's ids, nothing of the other
 * comes out and nothing of it changes. Every function that the rooms export has a case, or a reason to have none.
 */
import { OmnichannelError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { OF_NO_TENANT, operationsWithIdsOf, ROOMS } from './support/operations';
import { createVictim, SECRET } from './support/victim';

function exported(): string[] {
  return Object.values(ROOMS).flatMap((room) =>
    Object.entries(room).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])),
  );
}

describeOnBothDatabases('operations of two tenants', (context) => {
  it('each have a case here, or a reason to have none', async () => {
    const victim = await createVictim(context);
    const cases = Object.keys(await operationsWithIdsOf(victim, context.newTenant().tenantId));
    expect([...cases, ...Object.keys(OF_NO_TENANT)].sort()).toEqual(exported().sort());
    await victim.close();
  });

  it('give and change nothing of the other, whichever is called with the ids of the other', async () => {
    const victim = await createVictim(context);
    const before = await victim.everything();
    const { world } = victim;
    const secrets = [SECRET, 'Clínica Sol', 'token-1'];
    const names = Object.keys(await operationsWithIdsOf(victim, 'nobody'));
    for (const name of names) {
      // A tenant of its own for each: what one of them makes, the next one must not find.
      const { tenantId } = context.newTenant();
      const operation = (await operationsWithIdsOf(victim, tenantId))[name];
      const sent = world.provider.calls.length;
      const answer: unknown = await Promise.resolve()
        .then(() => operation?.())
        .catch((error: unknown) => error);
      if (answer instanceof Error)
        expect([name, answer]).toEqual([name, expect.any(OmnichannelError)]);
      const told = answer instanceof Error ? answer.message : (JSON.stringify(answer) ?? '');
      expect([name, secrets.filter((secret) => told.includes(secret))]).toEqual([name, []]);
      expect([name, await victim.everything()]).toEqual([name, before]);
      // The provider is asked for nothing in the victim's name.
      expect([name, world.provider.calls.length]).toEqual([name, sent]);
    }
    await victim.close();
  });
});
