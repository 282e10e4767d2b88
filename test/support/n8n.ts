import fs from 'node:fs';
import path from 'node:path';
import { startPlayground, type Playground } from '../../playground/playground.ts';
import { findFreePort } from '../../playground/ports.ts';
import type { QueueOptions } from '../../playground/queueMode.ts';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { createTestFolder } from './tempFolder.ts';
import { PATIENCE_MS } from './waitFor.ts';

export interface TestPlayground extends Playground {
  /** Stops everything and deletes the data; n8n's log stays in reports/. */
  remove(): Promise<void>;
  /** n8n's whole output so far, of all its starts. */
  readLog(): string;
}

export interface TestPlaygroundOptions {
  /** Names the log file, `reports/n8n-<name>.log`. */
  name: string;
  env?: Record<string, string>;
  /** Of n8n; default: one that is free. */
  port?: number;
  /** n8n in queue mode, with its processes' logs in `reports/n8n-<name>-<command>.log`. */
  queue?: QueueOptions;
  /** Bundled workflows besides the door and the welcome, and the clinic that they need. */
  workflows?: readonly string[] | 'all';
}

/** The playground that `npm start` gives, in a temporary folder and on free ports. */
export async function startTestPlayground({
  name,
  env,
  port,
  queue,
  workflows,
}: TestPlaygroundOptions): Promise<TestPlayground> {
  const folder = createTestFolder(`omnichannel-${name}-`);
  const logFile = path.join(ROOT, 'reports', `n8n-${name}.log`);
  for (const process of ['', '-worker', '-webhook']) {
    fs.rmSync(logFile.replace(/\.log$/, `${process}.log`), { force: true });
  }
  const playground = await startPlayground({
    port: port ?? (await findFreePort()),
    sandboxPort: await findFreePort(),
    dataDir: folder.path,
    logFile,
    ...(env === undefined ? {} : { env }),
    ...(queue === undefined ? {} : { queue }),
    ...(workflows === undefined ? {} : { workflows }),
  });
  const { settings } = playground.sandbox.context.store.state;
  settings.latencyMs = Number(process.env.OMNICHANNEL_TEST_LATENCY_MS ?? 0);
  // A door that is slow with its machine is not called a second time: the tests count what came.
  settings.webhookTimeoutMs = PATIENCE_MS;
  return {
    ...playground,
    readLog: () => fs.readFileSync(logFile, 'utf8'),
    remove: async () => {
      await playground.stop();
      folder.remove();
    },
  };
}

/**
 * `it`, with the end of n8n's log printed when the test fails.
 * @param current the playground of the moment; a function, because it starts in `beforeAll`
 */
export function testWith<T extends Playground>(
  current: () => T,
): (name: string, run: (playground: T) => Promise<void>) => void {
  return (name, run) => {
    it(name, async () => {
      const playground = current();
      try {
        await run(playground);
      } catch (error) {
        for (const one of [playground.n8n, ...playground.others]) console.error(one.logTail());
        throw error;
      }
    });
  };
}
