import { createTestFolder, type TestFolder } from './tempFolder.ts';
import { startTestPlayground } from './n8n.ts';
import type { Customer } from './customers.ts';
import {
  CUSTOMERS_PER_QUEUE,
  emitTrap,
  HELD_SENDS,
  KILL_OFFSETS,
  killAndRecover,
  killAtEmit,
  killWithWaitingRuns,
  stopDuringSend,
  untilSettled,
  writeAndHold,
  writeAndWait,
  type HeldSend,
  type KilledPlayground,
} from './kills.ts';
import { expectOneEach, expectOneUnlessInHand, type Outcome } from './outcomes.ts';

/** One kill takes about 20 s until the cut runs have been taken up; twice that on a busy machine. */
const MS_PER_KILL = 60_000;
const MS_TO_SETTLE = 13 * 60_000;

/** One kill can meet two customers: one whose send is in hand, and one who just wrote. */
const HELD = Object.keys(HELD_SENDS) as HeldSend[];

/**
 * The kill tests: n8n dies at the worst moments, `times` times each, and is started again; when
 * everything has settled, what each customer got is counted at the provider's side.
 * @param settling see `untilSettled`
 */
export function describeKills(times: number, settling: { movesClock: boolean }): void {
  const rounds = Array.from({ length: times }, (_, index) => index + 1);

  describe(`n8n is killed, ${times} times at each moment`, () => {
    const customers = new Map<string, Customer[]>();
    let folder: TestFolder;
    let playground: KilledPlayground;
    let outcomes: Map<string, Outcome>;

    const remember = (moment: string, ...added: Customer[]): void => {
      customers.set(moment, [...(customers.get(moment) ?? []), ...added]);
    };
    const outcomesAt = (moment: string): Outcome[] =>
      (customers.get(moment) ?? []).flatMap(({ id }) => outcomes.get(id) ?? []);

    const killCount = times * (KILL_OFFSETS.length + 2);

    beforeAll(
      async () => {
        folder = createTestFolder('omnichannel-emit-trap-');
        const trap = emitTrap(folder.path);
        playground = await start(`kills-${times}`, trap.env);
        try {
          for (const _ of rounds) {
            for (const [index, offset] of KILL_OFFSETS.entries()) {
              const held = HELD[index];
              const open = held && (await writeAndHold(playground, held));
              const customer = await writeAndWait(playground, offset);
              remember(`${offset} ms`, customer);
              if (held && open) remember(held, open.customer);
              await killAndRecover(playground, [customer, ...(open ? [open.customer] : [])], open);
            }
            remember('emit', await killAtEmit(playground, trap));
            remember('SIGTERM', await stopDuringSend(playground));
          }
          const settled = await untilSettled(playground, [...customers.values()].flat(), settling);
          outcomes = new Map(settled.map((outcome) => [outcome.customer, outcome]));
        } catch (error) {
          console.error(playground.n8n.logTail());
          throw error;
        }
      },
      killCount * MS_PER_KILL + MS_TO_SETTLE,
    );

    afterAll(async () => {
      await playground?.remove();
      folder?.remove();
    });

    it.each(KILL_OFFSETS)(
      '%i ms after the 200: one welcome for each customer, or an admitted unknown where the send was in hand',
      (offset) => {
        expectOneUnlessInHand(outcomesAt(`${offset} ms`), times);
      },
    );

    it('in the tick of emit: one welcome for each customer', () => {
      expectOneEach(outcomesAt('emit'), times);
    });

    it.each(HELD)(
      'during the run, %s: one welcome for each customer or an admitted unknown, never two',
      (held) => {
        expectOneUnlessInHand(outcomesAt(held), times);
      },
    );

    it('asked to stop during the run: one welcome for each customer', () => {
      expectOneEach(outcomesAt('SIGTERM'), times);
    });
  });

  describe(`n8n may run one execution at a time and is killed ${times} times with three waiting`, () => {
    let playground: KilledPlayground;

    beforeAll(async () => {
      playground = await start(`kills-${times}-waiting`, { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
    });

    afterAll(() => playground?.remove());

    it(
      'gives every customer one welcome, although n8n and the consumer both start the waiting runs',
      async () => {
        const customers: Customer[] = [];
        try {
          for (const _ of rounds) {
            customers.push(...(await killWithWaitingRuns(playground, customers)));
          }
          const settled = await untilSettled(playground, customers, settling);
          expectOneUnlessInHand(settled, times * CUSTOMERS_PER_QUEUE);
          // The one that was running; those who waited had no send yet, so they must have theirs.
          expect(settled.filter(({ inHand }) => inHand)).toHaveLength(times);
        } catch (error) {
          console.error(playground.n8n.logTail());
          throw error;
        }
      },
      times * MS_PER_KILL + MS_TO_SETTLE,
    );
  });
}

async function start(name: string, env: Record<string, string>): Promise<KilledPlayground> {
  return { ...(await startTestPlayground({ name, env })), inHand: new Set() };
}
