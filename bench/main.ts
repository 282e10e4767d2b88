import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { disposeOwnServer } from '../test/support/postgres.ts';
import { printRow, type Row } from './lib/report.ts';

/** Groups of rows by name; loaded when they run. */
const GROUPS: Record<string, (rounds: number, peers?: string[]) => Promise<Row[]>> = {
  due: async (rounds) => (await import('./rows/dueLooks.ts')).measureDueLooks(rounds),
  growth: async (rounds) => (await import('./rows/growth.ts')).measureGrowth(rounds),
  limits: async (rounds) => (await import('./rows/limits.ts')).measureLimits(rounds),
  log: async (rounds) => (await import('./rows/log.ts')).measureLog(rounds),
  meta: async (rounds) => (await import('./rows/meta.ts')).measureMeta(rounds),
  n8n: async (rounds) => (await import('./rows/n8n.ts')).measureN8n(rounds),
  statistics: async (rounds) => (await import('./rows/statistics.ts')).measureStatistics(rounds),
  whatsapp: async (rounds) => (await import('./rows/whatsapp.ts')).measureWhatsApp(rounds),
  webhooks: async (rounds, peers) =>
    (await import('./rows/webhooks.ts')).measureWebhooks(rounds, peers),
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(GROUPS).join(',') },
    rounds: { type: 'string', default: '7' },
    // For a quick look while one works on something: only these of the webhooks' peers.
    peers: { type: 'string' },
  },
});

console.log(
  `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}. Trust ratios, not figures: everything in a row ran in turn, on this machine, in this run.`,
);
// What is measured waits with timers that hold no process open, as it must inside n8n.
const alive = setInterval(() => undefined, 60_000);
const rows: Row[] = [];
try {
  for (const name of values.only.split(',')) {
    const measure = GROUPS[name];
    if (!measure)
      throw new Error(`There is no group "${name}". There are: ${Object.keys(GROUPS).join(', ')}.`);
    const measured = await measure(Number(values.rounds), values.peers?.split(','));
    measured.forEach(printRow);
    rows.push(...measured);
  }
} finally {
  clearInterval(alive);
  await disposeOwnServer();
}
const file = path.join(import.meta.dirname, '../reports/bench.json');
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, JSON.stringify(rows, null, 2));
if (rows.some((row) => row.goals.some((goal) => !goal.kept))) process.exitCode = 1;
