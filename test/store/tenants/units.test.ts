/**
 * Two tenants in one store: whatever unit of work one of them runs with the other's ids, nothing of the other comes out
 * and nothing of it changes. The units are found in the sources, so that a new one without a case fails.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TenantStore } from '../../../core/store/store';
import type { TenantUnit } from '../../../core/store/unit';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { describeOnBothDatabases, describeOnOneDatabase } from '../../support/storeContext';
import { callsWithIdsOf } from './support/calls';
import { createVictim, DOOR_URL, holdLogin, SECRET } from './support/victim';

const CORE = path.join(ROOT, 'core');
const DECLARED = /export const (\w+) = tenantUnit\(/g;

/** Every unit of a tenant that the sources declare: its name, and the compiled module that has it. */
function declaredUnits(): Map<string, string> {
  const found = new Map<string, string>();
  const files = readdirSync(CORE, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && name !== 'store/unit.ts')) {
    for (const [, name] of readFileSync(path.join(CORE, file), 'utf8').matchAll(DECLARED)) {
      if (name === undefined) continue;
      if (found.has(name)) throw new Error(`Two units are called ${name}.`);
      found.set(name, path.join(ROOT, 'dist', 'core', file.replace(/\.ts$/, '.js')));
    }
  }
  return found;
}

describeOnBothDatabases('units of two tenants', (context) => {
  it('give and change nothing of the other, whichever is run with the ids of the other', async () => {
    const victim = await createVictim(context);
    const before = await victim.everything();
    expect(Object.keys(before).filter((table) => before[table]?.length === 0)).toEqual([]);
    const secrets = [victim.world.account.id, SECRET, 'Clínica Sol', DOOR_URL];

    const calls = await callsWithIdsOf(victim);
    const units = declaredUnits();
    expect(Object.keys(calls).sort()).toEqual([...units.keys()].sort());
    for (const [name, file] of units) {
      const unit = jest.requireActual<Record<string, TenantUnit<unknown, unknown>>>(file)[name];
      if (!unit) throw new Error(`${file} does not export ${name}.`);
      // A tenant of its own for each unit: what one of them makes, the next one must not find.
      const thief = context.newTenant();
      const answer = await thief.run(unit, calls[name]).catch((error: unknown) => error);
      const told = answer instanceof Error ? answer.message : JSON.stringify(answer);
      const leaked = secrets.filter((secret) => told?.includes(secret));
      expect([name, leaked]).toEqual([name, []]);
      expect([name, await victim.everything()]).toEqual([name, before]);
    }
    await victim.close();
  });
});

/** Units whose case, run by the victim itself, changes nothing and tells nothing that a stranger is not told. */
const TOOTHLESS: Record<string, string> = {
  insertNewSubscription: 'an id that is there already is refused to everybody',
};

describeOnOneDatabase('sqlite', 'the cases above', (context) => {
  it('have teeth: run by the victim itself, each tells or changes something', async () => {
    const toothless: string[] = [];
    for (const [name, file] of declaredUnits()) {
      const unit = jest.requireActual<Record<string, TenantUnit<unknown, unknown>>>(file)[name];
      if (!unit) throw new Error(`${file} does not export ${name}.`);
      const victim = await createVictim(context);
      const calls = await callsWithIdsOf(victim);
      if (name === 'keepRenewedToken') await holdLogin(victim);
      // What only notes that it was here notes the time.
      context.clock.advance(1_000);
      const before = await victim.everything();
      const run = async (tenant: TenantStore) =>
        JSON.stringify(await tenant.run(unit, calls[name]).catch(String)) ?? '';
      const own = await run(victim.world.tenant);
      const isChanged = JSON.stringify(await victim.everything()) !== JSON.stringify(before);
      const strange = await run(context.newTenant());
      if (!isChanged && own === strange) toothless.push(name);
      await victim.close();
    }
    expect(toothless.sort()).toEqual(Object.keys(TOOTHLESS).sort());
    // A tenant with everything in it is made for each of some hundred units.
  });
});
