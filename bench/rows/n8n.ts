import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRequire } from 'node:module';
import { N8nProcess } from '../../playground/n8nProcess.ts';
import { startPlayground } from '../../playground/playground.ts';
import { findFreePort } from '../../playground/ports.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { installPackage } from '../lib/installPackage.ts';
import { median, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const { version } = createRequire(import.meta.url)(
  '../../playground/node_modules/n8n/package.json',
) as {
  version: string;
};
/** After this long n8n has loaded what it loads by itself, and its memory stands still. */
const SETTLE_MS = 10_000;
const GOALS = { idleStartMs: 100, idleMemoryMb: 10, publishedMemoryMb: 60 };

interface Variant {
  name: string;
  userFolder: string;
  port: number;
  encryptionKey: string;
}

interface Sample {
  startMs: number;
  memoryMb: number;
}

/** Start-up time and memory of n8n: without the package, with it, and with one workflow published. */
export async function measureN8n(rounds: number): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const published = await publishWorkflows(folder);
  const sandbox = await startSandbox({
    port: published.sandboxPort,
    stateDir: path.join(published.dataDir, 'sandbox'),
  });
  const bare = await emptyVariant(folder, 'bare', 'n8n without the package');
  const idle = await emptyVariant(folder, 'idle', 'n8n with the package, nothing of it published');
  installPackage(idle.userFolder);
  const variants = [published.variant, idle, bare];
  try {
    const samples = variants.map((): Sample[] => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, variant] of variants.entries()) {
        const sample = await startOnce(variant);
        // The first start makes n8n's database.
        if (round > 0) samples[index]?.push(sample);
      }
    }
    return toRows(variants, samples);
  } finally {
    await sandbox.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function emptyVariant(folder: string, key: string, name: string): Promise<Variant> {
  const userFolder = path.join(folder, key);
  fs.mkdirSync(userFolder, { recursive: true });
  return { name, userFolder, port: await findFreePort(), encryptionKey: 'bench' };
}

async function publishWorkflows(
  folder: string,
): Promise<{ variant: Variant; dataDir: string; sandboxPort: number }> {
  const dataDir = path.join(folder, 'published');
  const sandboxPort = await findFreePort();
  const port = await findFreePort();
  const playground = await startPlayground({ port, sandboxPort, dataDir });
  const { encryptionKey } = playground.state;
  // The door alone: it holds the store, the runtime and the connection to the provider.
  await playground.api.unpublish(playground.setup.workflowIds['welcome-new-lead'] ?? '');
  await playground.stop();
  const userFolder = path.join(dataDir, 'n8n');
  installPackage(userFolder);
  return {
    dataDir,
    sandboxPort,
    variant: {
      name: 'n8n with the package and one workflow published (a door)',
      userFolder,
      port,
      encryptionKey,
    },
  };
}

async function startOnce(variant: Variant): Promise<Sample> {
  const memoryFile = path.join(variant.userFolder, 'memory');
  fs.rmSync(memoryFile, { force: true });
  const n8n = new N8nProcess({
    ...variant,
    logFile: path.join(variant.userFolder, 'bench.log'),
    env: {
      NODE_OPTIONS: `--require=${path.join(import.meta.dirname, '../lib/memoryProbe.cjs')}`,
      OMNICHANNEL_BENCH_MEMORY_FILE: memoryFile,
    },
  });
  const started = performance.now();
  await n8n.start();
  const startMs = performance.now() - started;
  await delay(SETTLE_MS);
  process.kill(n8n.pid ?? Number.NaN, 'SIGUSR2');
  while (!fs.existsSync(memoryFile) || fs.readFileSync(memoryFile, 'utf8') === '') await delay(100);
  const memoryMb = Number(fs.readFileSync(memoryFile, 'utf8')) / 1024 ** 2;
  await n8n.stop();
  return { startMs, memoryMb };
}

function toRows(variants: Variant[], samples: Sample[][]): Row[] {
  const figuresOf = (value: (sample: Sample) => number): Figure[] =>
    variants.map(({ name }, index) => {
      const rates = (samples[index] ?? []).map(value);
      return {
        name,
        version: `n8n ${version}`,
        rates,
        median: median(rates),
        min: Math.min(...rates),
        max: Math.max(...rates),
      };
    });
  const start = figuresOf((sample) => sample.startMs);
  const memory = figuresOf((sample) => sample.memoryMb);
  const more = (figures: Figure[], index: number): number =>
    (figures[index]?.median ?? Number.NaN) - (figures[2]?.median ?? Number.NaN);
  // What n8n's own start leaves behind now and then (200 MB and more were seen, with and without the package) only
  // ever adds: the smallest figure of each is what it needs.
  const moreAtLeast = (figures: Figure[], index: number): number =>
    (figures[index]?.min ?? Number.NaN) - (figures[2]?.min ?? Number.NaN);
  const goal = (
    text: string,
    value: number,
    limit: number,
    unit: string,
  ): Row['goals'][number] => ({
    text: `${text}: ${value.toFixed(1)} ${unit} more (goal: under ${limit})`,
    kept: value < limit,
  });
  return [
    {
      title: 'Start of n8n until it answers as ready',
      unit: 'ms',
      higherIsBetter: false,
      figures: start,
      notes: [],
      goals: [goal('nothing published', more(start, 1), GOALS.idleStartMs, 'ms')],
    },
    {
      title: `Memory of n8n ${SETTLE_MS / 1000} s after that, garbage collected`,
      unit: 'MB resident',
      higherIsBetter: false,
      figures: memory,
      notes: ['The goals compare the smallest figures.'],
      goals: [
        goal('nothing published', moreAtLeast(memory, 1), GOALS.idleMemoryMb, 'MB'),
        goal('one workflow published', moreAtLeast(memory, 0), GOALS.publishedMemoryMb, 'MB'),
      ],
    },
  ];
}
