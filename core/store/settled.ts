import { OmnichannelError } from '../model';
import { packError, unpackError, type PackedError } from './errorTransfer';

/** What a unit that works for many callers has for one of them: plain data, so that it survives the way between threads. */
export type Settled<T> = { ok: true; value: T } | { ok: false; error: PackedError };

/** An error of this package is the caller's own; any other undoes the whole unit. */
export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof OmnichannelError) return { ok: false, error: packError(error) };
    throw error;
  }
}

/** @throws the caller's own error */
export function unsettle<T>(settled: Settled<T>): T {
  if (settled.ok) return settled.value;
  throw unpackError(settled.error);
}
