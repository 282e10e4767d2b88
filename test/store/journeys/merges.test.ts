/** Somebody who is found to be one person is congratulated, or won back, once. */
import { mergeContacts, upsertContact } from '../../../core/contacts';
import { journeySendKey } from '../../../core/model';
import { reserveSends } from '../../../core/messaging/reserve.unit';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createDueWorld, HOUR_MS, NOON, stopTriggers } from './support/due';

const NEW_YEARS_EVE = Date.parse('2026-12-31T11:00:00Z');
const DUE = Date.parse('2026-12-31T12:00:00Z');

describeOnBothDatabases('what is due for somebody who was two contacts', (context) => {
  afterEach(stopTriggers);

  it.each(['the first', 'the second'])('is emitted once, whichever stays: %s', async (who) => {
    const { emitted, settle, people, start, join } = await twins(context);
    await start({ kind: 'birthday' });
    const first = await people('Ana', '+5511988887777');
    context.clock.set(DUE);
    await waitFor(() => emitted.length === 1, { what: 'the greeting' });
    // Nobody knows their birthday yet.
    const second = await people('Ana S.', '+5511977776666', '');
    await (who === 'the first' ? join(first, second) : join(second, first));
    await settle();
    context.clock.advance(HOUR_MS);
    await settle();
    expect(emitted.map(({ contact }) => contact?.id)).toEqual([first]);
  });

  it('that is found before it is due is emitted once', async () => {
    const { emitted, settle, people, start, join } = await twins(context);
    await start({ kind: 'birthday' });
    const first = await people('Ana', '+5511988887777');
    const second = await people('Ana S.', '+5511977776666');
    await join(second, first);
    context.clock.set(DUE);
    await waitFor(() => emitted.length === 1, { what: 'the greeting' });
    await settle();
    expect(emitted.map(({ contact }) => contact?.id)).toEqual([second]);
  });

  it('is won back once', async () => {
    const { world, emitted, settle, start, people, join } = await twins(context);
    context.clock.set(NOON);
    await start({ kind: 'unansweredLead', offsetMinutes: 21 * 60 });
    const item = await world.customerWrites();
    await world.send();
    context.clock.advance(21 * HOUR_MS);
    await waitFor(() => emitted.length === 1, { what: 'the nudge' });
    await join(await people('Ana', '+5511988887777'), item.contact?.id ?? '');
    await settle();
    expect(emitted).toHaveLength(1);
  });
});

describeOnBothDatabases('the message of somebody who was two contacts', (context) => {
  it('goes once, though both were emitted before they were found to be one', async () => {
    const { world, people, join } = await twins(context);
    const [first, second] = [
      await people('Ana', '+5511988887777'),
      await people('Ana S.', '+5511977776666'),
    ];
    await world.customerWrites();
    const send = (contactId: string) =>
      world.send({ idempotencyKey: journeySendKey(`birthday:${contactId}:2026`, 'main') });
    expect(await send(first)).toMatchObject({ status: 'sent' });
    await join(second, first);
    const again = await send(second);
    expect(again).toMatchObject({ status: 'skipped', reason: 'already_sent' });
    expect(again.detail).toMatch(/under the id of a contact who was made one with them/);
    expect(await send(first)).toMatchObject({ status: 'sent', duplicate: true });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('goes once where both come at the same moment after they were made one', async () => {
    const { world, people, join } = await twins(context);
    const first = await people('Ana', '+5511988887777');
    const second = await people('Ana S.', '+5511977776666');
    const third = await people('A. S.', '+5511966665555');
    await join(second, first);
    await join(third, second);
    await world.customerWrites();
    const results = await Promise.all(
      [first, second, third].map((contactId) =>
        world.send({ idempotencyKey: journeySendKey(`birthday:${contactId}:2026`, 'main') }),
      ),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['sent', 'skipped', 'skipped']);
    expect(world.provider.calls).toHaveLength(1);
  });

  it('is reserved once by two processes, also where each names another of the two', async () => {
    const { world, people, join } = await twins(context);
    const first = await people('Ana', '+5511988887777');
    const second = await people('Ana S.', '+5511977776666');
    await join(second, first);
    const reserve = (contactId: string) =>
      world.tenant.run(reserveSends, {
        sends: [
          {
            accountId: world.account.id,
            contactId: second,
            conversationId: 'anywhere',
            owner: `process of ${contactId}`,
            sender: null,
            parts: [
              {
                key: journeySendKey(`birthday:${contactId}:2026`, 'main'),
                messageId: contactId,
                request: 'sealed',
                contentHash: 'hash',
                category: null,
              },
            ],
          },
        ],
      });
    const answers = (await Promise.all([reserve(first), reserve(second)])).flat();
    expect(
      answers.map((answer) => (answer.ok ? answer.value.kind : answer.error)).toSorted(),
    ).toEqual(['parts', 'twin']);
  });

  it('of another year, or another message, goes all the same', async () => {
    const { world, people, join } = await twins(context);
    const first = await people('Ana', '+5511988887777');
    const second = await people('Ana S.', '+5511977776666');
    await join(second, first);
    await world.customerWrites();
    const keys = [
      journeySendKey(`birthday:${first}:2026`, 'main'),
      journeySendKey(`birthday:${second}:2027`, 'main'),
      journeySendKey(`birthday:${second}:2026`, 'voucher'),
    ];
    for (const idempotencyKey of keys) {
      expect(await world.send({ idempotencyKey })).toMatchObject({ status: 'sent' });
    }
  });
});

/** A world in which people are met twice, on the morning of their birthday. */
async function twins(context: StoreContext) {
  const due = await createDueWorld(context);
  const { ctx, tenantId } = due.world;
  context.clock.set(NEW_YEARS_EVE);
  return {
    ...due,
    people: async (name: string, phone: string, birthday: string | undefined = '1990-12-31') =>
      (await upsertContact(ctx, { tenantId, name, phone, birthday })).id,
    /** Makes one out of both. */
    join: (contact: string, mergeWith: string) =>
      mergeContacts(ctx, { tenantId, contact, mergeWith }),
  };
}
