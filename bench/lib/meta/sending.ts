import { median, type Figure } from '../measure.ts';
import type { Row } from '../report.ts';
import type { Timing } from './n8nUnderTest.ts';
import type { Traffic } from './traffic.ts';

export const MESSAGE_COUNT = 1_000;
const GOAL_TIMES = 8;
/** Rounds that may be void before the row is given up. */
const MAX_VOID = 3;

export interface Sample extends Timing {
  traffic: Traffic;
}

/** One side: its published workflow, and what must be true after each of its runs. */
export interface Side {
  name: string;
  version: string;
  run: () => Promise<Sample>;
}

/** Round after round, one side after the other; a round in which one of them failed once does not count. */
export async function interleaveSides(
  sides: Side[],
  rounds: number,
): Promise<{ samples: Sample[][]; voids: number }> {
  const samples = sides.map((): Sample[] => []);
  let voids = 0;
  // The first round warms up.
  for (let round = 0; round <= rounds; ) {
    const taken: Sample[] = [];
    for (const side of sides) taken.push(await side.run());
    if (!taken.every(({ traffic }) => isWhole(traffic))) {
      voids += 1;
      if (voids > MAX_VOID) throw new Error(`Too many void rounds: ${JSON.stringify(taken)}`);
      continue;
    }
    if (round > 0) taken.forEach((sample, index) => samples[index]?.push(sample));
    round += 1;
  }
  return { samples, voids };
}

function isWhole({ sends }: Traffic): boolean {
  return Object.keys(sends).length === 1 && sends['200'] === MESSAGE_COUNT;
}

/** @param subject begins the titles of the rows */
export function toSendingRows(
  sides: Side[],
  samples: Sample[][],
  voids: number,
  subject: string,
): Row[] {
  const figuresOf = (milliseconds: (sample: Sample) => number): Figure[] =>
    sides.map(({ name, version }, index) => {
      const rates = (samples[index] ?? []).map(
        (sample) => (MESSAGE_COUNT * 1_000) / milliseconds(sample),
      );
      const [min, max] = [Math.min(...rates), Math.max(...rates)];
      return { name, version, rates, median: median(rates), min, max };
    });
  const goalOf = ([ours, peer]: Figure[]): Row['goals'] => {
    // The two of a round ran one after the other: what else the machine did in other rounds is left out.
    const times = median(
      (ours?.rates ?? []).map((rate, round) => rate / (peer?.rates[round] ?? Number.NaN)),
    );
    const text = `${times.toFixed(1)} times as fast, median of the rounds (goal: ${GOAL_TIMES} times)`;
    return [{ text, kept: times >= GOAL_TIMES }];
  };
  const whole = figuresOf(({ executionMs }) => executionMs);
  const sending = figuresOf(({ nodeMs }) => nodeMs);
  const title = `${MESSAGE_COUNT.toLocaleString('en-US')} ${subject}`;
  const shared = { unit: 'messages/s', higherIsBetter: true };
  return [
    {
      ...shared,
      title: `${title}: the node that sends`,
      figures: sending,
      notes: sides.map((side, index) => trafficNote(side, samples[index] ?? [])),
      goals: goalOf(sending),
    },
    {
      ...shared,
      title: `${title}: the whole execution`,
      figures: whole,
      notes: [
        'A webhook and a Code node that makes the items come before, in both alike.',
        ...(voids === 0 ? [] : [`${voids} rounds were void: a send failed.`]),
      ],
      goals: goalOf(whole),
    },
  ];
}

/** What one run put on the wire; the counts of all its rounds where they differ. */
function trafficNote({ name }: Side, samples: Sample[]): string {
  const each = (value: (traffic: Traffic) => number): string => {
    const values = samples.map(({ traffic }) => value(traffic));
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const shown = (count: number) => count.toLocaleString('en-US');
    return min === max ? shown(min) : `${shown(min)} to ${shown(max)}`;
  };
  const kilobytes = (bytes: number) => Math.round(bytes / 1_000);
  return [
    `${name}: ${each(({ sends }) => sends['200'] ?? 0)} sends answered with 200`,
    `${each(({ others }) => others)} other requests`,
    `${each(({ connections }) => connections)} new TLS connections`,
    `${each(({ bytesIn }) => kilobytes(bytesIn))} kB to Meta`,
    `${each(({ bytesOut }) => kilobytes(bytesOut))} kB back`,
    `${each(({ sendingMs }) => Math.round(sendingMs ?? 0))} ms from the first send to the last answer`,
  ].join(', ');
}
