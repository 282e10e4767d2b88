import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { unpackError } from '../errorTransfer';
import type { ProbeAnswer } from './probe.worker';

/**
 * Tries an embedded database in a thread of its own, because SQLite would stop this one meanwhile.
 * @returns the version of SQLite
 * @throws StoreError as for opening
 */
export async function probeSqlite(file: string): Promise<string> {
  const worker = new Worker(join(__dirname, 'probe.worker.js'), { workerData: { file } });
  try {
    const [answer] = (await once(worker, 'message')) as [ProbeAnswer];
    if ('error' in answer) throw unpackError(answer.error);
    return answer.serverVersion;
  } finally {
    await worker.terminate();
  }
}
