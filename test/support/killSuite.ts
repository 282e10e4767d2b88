import { createTestFolder, type TestFolder } from './tempFolder.ts';
import { startTestPlayground, type TestPlayground } from './n8n.ts';
import type { Customer } from './customers.ts';
import {
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
  type Outcome,
} from './kills.ts';

/** One kill takes about 20 s until the cut runs have been taken up; twice that on a busy machine. */
const MS_PER_KILL = 60_000;
const MS_TO_SETTLE = 13 * 60_000;

/** One kill can meet two customers: one whose send is in hand, and one who just wrote. */
const HELD = Object.keys(HELD_SENDS) as HeldSend[];

/** The welcome arrived, and the store knows that it did. */
const ONE_WELCOME = { welcomes: 1, result: 'sent' };

/**
 * The kill tests: n8n dies at the worst moments, `times` times each, and is started again; when
 * everything has settled, what each customer got is counted at the provider's side.
 */
export function describeKills(times: number): void {
  const rounds = Array.from({ length: times }, (_, index) => index + 1);

  describe(`n8n is killed, ${times} times at each moment`, () => {
    const customers = new Map<string, Customer[]>();
    let folder: TestFolder;
    let playground: TestPlayground;
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
        playground = await startTestPlayground({ name: `kills-${times}`, env: trap.env });
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
          const settled = await untilSettled(playground, [...customers.values()].flat());
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

    it.each(KILL_OFFSETS)('%i ms after the 200: one welcome for each customer', (offset) => {
      expectAtMostOne(outcomesAt(`${offset} ms`), times);
    });

    it('in the tick of emit: one welcome for each customer', () => {
      expectOneEach(outcomesAt('emit'), times);
    });

    it.each(HELD)('during the run, %s: never two welcomes', (held) => {
      expectAtMostOne(outcomesAt(held), times);
    });

    it('asked to stop during the run: one welcome for each customer', () => {
      expectOneEach(outcomesAt('SIGTERM'), times);
    });
  });

  describe(`n8n may run one execution at a time and is killed ${times} times with two waiting`, () => {
    let playground: TestPlayground;

    beforeAll(async () => {
      playground = await startTestPlayground({
        name: `kills-${times}-waiting`,
        env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' },
      });
    }, 120_000);

    afterAll(() => playground?.remove());

    it(
      'gives every customer one welcome, although n8n and the consumer both start the waiting runs',
      async () => {
        const customers: Customer[] = [];
        try {
          for (const _ of rounds) customers.push(...(await killWithWaitingRuns(playground)));
          expectAtMostOne(await untilSettled(playground, customers), times * 3);
        } catch (error) {
          console.error(playground.n8n.logTail());
          throw error;
        }
      },
      times * MS_PER_KILL + MS_TO_SETTLE,
    );
  });
}

function expectOneEach(outcomes: Outcome[], count: number): void {
  expect(outcomes).toEqual(
    Array.from({ length: count }, () => expect.objectContaining(ONE_WELCOME)),
  );
}

/** One welcome; or none, where the provider was answering and nobody can prove that it got nothing. */
function expectAtMostOne(outcomes: Outcome[], count: number): void {
  expect(outcomes).toHaveLength(count);
  const wrong = outcomes.filter(
    ({ welcomes, result }) =>
      !(welcomes === 1 && result === 'sent') && !(welcomes === 0 && result === 'failed'),
  );
  expect(wrong).toEqual([]);
}
