import type { PackedError } from '../errorTransfer';
import type { StoreFacts } from '../executor';
import type { StoreSignal } from '../unit';

/** What the worker thread is started with. */
export interface WorkerSettings {
  file: string;
  /** How long a statement waits for another process that holds the file, in milliseconds. */
  busyTimeoutMs: number;
  /** Statements slower than this are reported, in milliseconds. */
  slowStatementMs: number;
  /** `PRAGMA max_page_count`: a ceiling for the file in pages of 4096 bytes. */
  maxPageCount?: number | undefined;
}

/** One unit of work on its way to the worker, which loads `name` from `module`. */
export interface UnitRequest {
  id: number;
  module: string;
  name: string;
  durability: 'full' | 'normal';
  tenantId: string | null;
  now: number;
  args: unknown;
}

export type ToWorker =
  | { kind: 'open'; id: number; keyCheck: string }
  | { kind: 'units'; units: UnitRequest[] }
  | { kind: 'close' };

export type UnitAnswer =
  | { id: number; ok: true; value: unknown; signals: StoreSignal[] }
  | { id: number; ok: false; error: PackedError };

export type FromWorker =
  | { kind: 'opened'; id: number; facts: StoreFacts }
  | { kind: 'refused'; id: number; error: PackedError }
  | { kind: 'answers'; answers: UnitAnswer[] }
  | { kind: 'slow'; sql: string; milliseconds: number };
