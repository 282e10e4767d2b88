import { describeOnBothDatabases, type DatabaseKind } from '../storeContext';
import { endEngines } from './engine';
import { SPANS } from './life';
import { judge } from './oracle';
import { simulate } from './simulate';

export interface SimulationSuite {
  /** Tells it from others of the same file. */
  name: string;
  customers: number;
  days: number;
  kills: number;
  /** Minutes between two looks by day. */
  grid: number;
  span: Record<DatabaseKind, keyof typeof SPANS>;
  seed: number;
  timeoutMs: number;
}

/**
 * Days of journeys with the production engine and store on both databases: only clock and provider are the test's. Processes
 * are killed (-9) at random, two of them run at times and none at others. An oracle of its own judges at the end.
 *
 * SIMULATION_SEED repeats one of which the failure told the seed.
 */
export function describeSimulation(suite: SimulationSuite): void {
  const { name, customers, days, kills, grid, timeoutMs } = suite;
  const seed = Number(process.env.SIMULATION_SEED ?? suite.seed);

  describeOnBothDatabases(
    `${customers} customers live through ${days} days (${name})`,
    (context) => {
      afterEach(endEngines);

      it(
        'and get each message once, at the right time, with the right words, or there is a reason',
        async () => {
          const span = SPANS[suite.span[context.kind]](days);
          const simulated = await simulate(context, { seed, span, customers, kills, grid });
          const { faults, unexplained, doubts, tally } = judge(simulated);
          const { ledger } = simulated;
          process.stdout.write(`[${context.kind}] seed ${seed}: ${JSON.stringify(tally)}\n`);
          const { logged } = ledger;
          expect({ seed, faults, unexplained, doubts, logged }).toEqual({
            seed,
            faults: [],
            unexplained: [],
            doubts: [],
            logged: [],
          });

          // It was no quiet life: without these the judgement would be worth nothing.
          const outcomes = new Set(ledger.requests.map(({ outcome }) => outcome));
          expect([...outcomes].toSorted()).toEqual([
            'accepted',
            'acceptedUnheard',
            'lost',
            'refused',
            'unavailable',
          ]);
          expect(ledger.kills.length).toBeGreaterThan(kills / 3);
          expect(tally.delivered).toBeGreaterThan(customers);
          expect(Object.keys(tally)).toEqual(expect.arrayContaining(EXPECTED));
        },
        timeoutMs,
      );
    },
  );
}

/** What has to have kept messages back in every simulation. */
const EXPECTED = [
  'off before it was due',
  'they had opted out',
  'they had had their marketing',
  'no way to them',
];
