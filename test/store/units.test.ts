import { InvalidInputError, NotFoundError, StoreError } from '../../core/model';
import { SCHEMA_VERSION } from '../../core/store/migrations';
import { describeOnBothDatabases } from '../support/storeContext';
import * as units from './support/units.cjs';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describeOnBothDatabases('units of work', (context) => {
  it('gives back what the unit returns, and keeps what it wrote', async () => {
    const tenant = context.newTenant();
    const item = await tenant.run(units.append, 'Oi');
    expect(item).toMatchObject({ event: 'message.received', tenantId: tenant.tenantId });
    await expect(tenant.run(units.listTexts, null)).resolves.toEqual(['Oi']);
  });

  it('undoes a failing unit alone among many that run together', async () => {
    const tenant = context.newTenant();
    const outcomes = await Promise.allSettled(
      numbers(60).map((n) =>
        tenant.run(n % 7 === 0 ? units.appendAndRefuse : units.append, String(n)),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(9);
    const kept = (await tenant.run(units.listTexts, null)).map(Number).sort((a, b) => a - b);
    expect(kept).toEqual(numbers(60).filter((n) => n % 7 !== 0));
  });

  it('keeps the order of a caller that waits for each unit', async () => {
    const tenant = context.newTenant();
    for (const n of numbers(20)) await tenant.run(units.append, String(n));
    const expected = numbers(20).map(String);
    await expect(tenant.run(units.listTexts, null)).resolves.toEqual(expected);
  });

  it('runs units of both durabilities side by side', async () => {
    const tenant = context.newTenant();
    await Promise.all(
      numbers(40).map((n) => tenant.run(n % 2 ? units.append : units.appendRelaxed, String(n))),
    );
    await expect(tenant.run(units.listTexts, null)).resolves.toHaveLength(40);
  });

  it('hands an error of this package over with its class, hint and details', async () => {
    const refusal = context.newTenant().run(units.appendAndRefuse, 'spam');
    await expect(refusal).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refusal).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'invalid_input',
      field: 'Text',
      message: 'That text is not welcome.',
      hint: 'Write another one.',
      details: { text: 'spam' },
    });
    const missing = context.newTenant().run(units.missThing, 'acc1');
    await expect(missing).rejects.toBeInstanceOf(NotFoundError);
  });

  it('turns a mistake in a unit into a typed error that keeps the reason', async () => {
    const failure = context.newTenant().run(units.stumble, null);
    await expect(failure).rejects.toBeInstanceOf(StoreError);
    await expect(failure).rejects.toMatchObject({
      code: 'store_failed',
      retryable: false,
      message: expect.stringContaining('nothing is not a thing'),
    });
  });

  it('refuses a second row with the same key', async () => {
    const tenant = context.newTenant();
    await expect(tenant.run(units.insertTwice, 'mid.1')).rejects.toMatchObject({
      code: 'store_failed',
      retryable: false,
      message: expect.stringMatching(/inbound_keys/),
    });
  });

  it('reads instants, counts and sums as numbers', async () => {
    const tenant = context.newTenant();
    await tenant.run(units.append, 'a');
    await tenant.run(units.append, 'b');
    await expect(tenant.run(units.readValues, null)).resolves.toMatchObject({
      count: 2,
      instant: 1_700_000_000_000,
      sum: 3_400_000_000_000,
      flag: 0,
    });
  });

  it('keeps a whole number as the same text', async () => {
    await expect(context.newTenant().run(units.keepNumberAsText, 42)).resolves.toBe('42');
  });

  it('counts the rows that a statement changed', async () => {
    const tenant = context.newTenant();
    await tenant.run(units.append, 'a');
    await tenant.run(units.append, 'b');
    await expect(tenant.run(units.pauseEvents, null)).resolves.toBe(2);
  });

  it("tells a unit the caller's time and the database's time", async () => {
    context.clock.set(1_234_567_890_123);
    const seen = await context.newTenant().run(units.readValues, null);
    expect(seen.now).toBe(1_234_567_890_123);
    expect(Math.abs(seen.databaseNow - Date.now())).toBeLessThan(60_000);
  });

  it('refuses a statement that a unit started and did not wait for', async () => {
    const tenant = context.newTenant();
    await tenant.run(units.forgetToAwait, null);
    const messages = await tenant.run(units.readForgotten, null);
    expect(messages.at(-1)).toContain('await every one');
    await expect(tenant.run(units.listTexts, null)).resolves.toEqual([]);
  });

  it('refuses a transaction inside a unit', async () => {
    await expect(context.newTenant().run(units.beginAnother, null)).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('one transaction already'),
    });
  });

  it('keeps tenants apart', async () => {
    const [one, other] = [context.newTenant(), context.newTenant()];
    await one.run(units.append, 'mine');
    await other.run(units.append, 'yours');
    await expect(one.run(units.listTexts, null)).resolves.toEqual(['mine']);
    await expect(other.run(units.listTexts, null)).resolves.toEqual(['yours']);
  });

  it('refuses what cannot be the id of a tenant', () => {
    expect(() => context.store.forTenant('')).toThrow(StoreError);
    expect(() => context.store.forTenant("x' or 1=1")).toThrow('not the id of a tenant');
  });

  it('says what it is: file or server, version, schema, never a password', async () => {
    const description = await context.store.describe();
    expect(description).toMatchObject({
      kind: context.kind,
      serverVersion: expect.stringMatching(/^\d+\.\d+/),
      schemaVersion: SCHEMA_VERSION,
      keyMatches: true,
    });
    expect(description.location).toMatch(
      context.kind === 'sqlite'
        ? /omnichannel\.sqlite$/
        : /^127\.0\.0\.1:\d+\/.*schema omnichannel/,
    );
  });

  it('refuses work after it was closed, and closing twice is harmless', async () => {
    const another = await context.openAnother();
    await another.close();
    await another.close();
    await expect(another.forTenant('t').run(units.listTexts, null)).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('closed'),
    });
  });

  it('finishes what was asked for before it closes', async () => {
    const another = await context.openAnother();
    const { tenantId } = context.newTenant();
    const running = numbers(20).map((n) =>
      another.forTenant(tenantId).run(units.append, String(n)),
    );
    await another.close();
    await Promise.all(running);
    await expect(
      context.store.forTenant(tenantId).run(units.listTexts, null),
    ).resolves.toHaveLength(20);
  });
});
