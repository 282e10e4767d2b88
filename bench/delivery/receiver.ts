import { fileURLToPath } from 'node:url';
import type { Count } from './receiverMain.ts';
import { startWorker } from './worker.ts';

/** The receiver, in its own process, and what has come to it so far. */
export interface Receiver {
  origin: string;
  /** Resolves when so many requests have come to paths below `/<name>`. */
  arrived(name: string, count: number): Promise<unknown>;
  /** @throws Error when the run since `arrived` was not exactly so many good requests */
  verify(name: string, count: number): Promise<void>;
  /** All runs under this name, for a person. */
  describe(name: string): string;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const worker = await startWorker(fileURLToPath(new URL('receiverMain.ts', import.meta.url)));
  const origin = `http://127.0.0.1:${await worker.ask<number>('port')}`;
  const totals = new Map<string, Count & { runs: number }>();
  return {
    origin,
    arrived: (name, count) => worker.ask('expect', { name, requests: count }),
    async verify(name, count) {
      const { requests, bytes, malformed, statuses, connections } = await worker.ask<Count>(
        'count',
        { name },
      );
      if (requests !== count || malformed > 0 || statuses['200'] !== count) {
        const seen = JSON.stringify({ requests, malformed, statuses });
        throw new Error(
          `The run of ${name} is void: ${count} requests were expected, seen ${seen}`,
        );
      }
      const total = totals.get(name);
      totals.set(name, {
        runs: (total?.runs ?? 0) + 1,
        requests: (total?.requests ?? 0) + requests,
        bytes: (total?.bytes ?? 0) + bytes,
        malformed: 0,
        statuses: { '200': (total?.statuses['200'] ?? 0) + count },
        connections: (total?.connections ?? 0) + connections,
      });
    },
    describe(name) {
      const total = totals.get(name);
      if (!total) return 'nothing came';
      const { runs, requests, bytes, statuses, connections } = total;
      const shown = (value: number) => value.toLocaleString('en-US');
      const answers = Object.entries(statuses).map(([status, n]) => `${shown(n)} x ${status}`);
      return `${shown(requests)} requests in ${runs} runs, answered ${answers.join(', ')}, ${shown(
        Math.round(bytes / 1_000),
      )} kB of bodies, ${shown(connections)} connections`;
    },
    close: () => worker.end(),
  };
}
