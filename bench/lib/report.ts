import type { Figure } from './measure.ts';

/** A group of figures measured in one interleaved run; the first is ours, the others its peers. */
export interface Row {
  title: string;
  unit: string;
  /** Whether a larger figure is better; decides how the ratio reads. */
  higherIsBetter: boolean;
  figures: Figure[];
  notes: string[];
  /** A promise of the project about this row, and whether this run kept it. */
  goals: { text: string; kept: boolean }[];
}

export function printRow(row: Row): void {
  console.log(
    `\n${row.title} (${row.unit}; median of ${row.figures[0]?.rates.length ?? 0} rounds, min to max)`,
  );
  const ours = row.figures[0];
  for (const figure of row.figures) {
    const range = `${format(figure.min)} to ${format(figure.max)}`;
    console.log(
      `  ${figure.name.padEnd(58)} ${format(figure.median).padStart(9)}   ${range.padEnd(22)} ${ratio(row, ours, figure)}  [${figure.version}]`,
    );
  }
  for (const note of row.notes) console.log(`  ${note}`);
  for (const goal of row.goals) console.log(`  ${goal.kept ? 'kept  ' : 'MISSED'} ${goal.text}`);
}

function ratio(row: Row, ours: Figure | undefined, figure: Figure): string {
  if (!ours || figure === ours) return ''.padEnd(16);
  const times = row.higherIsBetter ? ours.median / figure.median : figure.median / ours.median;
  return `ours is ${times.toFixed(2)} x`.padEnd(16);
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}
