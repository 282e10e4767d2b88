import { describeOnBothDatabases } from '../support/storeContext';
import { waitFor } from '../support/waitFor';
import { startStoreProcess } from './support/storeProcess';
import * as units from './support/units.cjs';

describeOnBothDatabases('durability', (context) => {
  it.each([50, 400, 1500])(
    'has everything that was acknowledged before a kill -9 (after %d units)',
    async (count) => {
      const writer = startStoreProcess('write', context.target);
      await waitFor(() => writer.lines.length >= count, {
        what: `${count} acknowledged units`,
        intervalMs: 1,
      });
      writer.child.kill('SIGKILL');
      await expect(writer.ended).resolves.toBeNull();

      const acknowledged = new Set(writer.lines);
      expect(acknowledged.size).toBeGreaterThanOrEqual(count);
      const reopened = await context.openAnother();
      const stored = await reopened.forTenant('writer').run(units.takeTexts, null);
      expect(new Set(stored).size).toBe(stored.length);
      const lost = [...acknowledged].filter((number) => !stored.includes(number));
      expect(lost).toEqual([]);
      // Of the 8 callers each can have one unit that was committed and not yet acknowledged.
      expect(stored.length - acknowledged.size).toBeLessThanOrEqual(8);
    },
  );
});
