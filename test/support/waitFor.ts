/**
 * Milliseconds after which what was waited for is taken as never coming: a deadline for a broken product, far beyond
 * what a busy machine needs, and no check of speed.
 */
export const PATIENCE_MS = 120_000;

export interface WaitOptions {
  /** What is waited for, as a noun phrase: it completes the sentence "timed out waiting for …". */
  what: string;
  /** Milliseconds until giving up, where the limit is what is tested; default `PATIENCE_MS`. */
  timeoutMs?: number;
  /** Milliseconds between two looks; default: a tenth of the time waited so far, 20 to 500. */
  intervalMs?: number;
}

/**
 * Looks at a state until it is there: the first result of `look` that is neither undefined, null
 * nor false. An error thrown by `look` counts as "not yet"; the last one is the cause of the timeout.
 * @throws Error naming `what`, the time waited and what was seen last
 */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  { what, timeoutMs = PATIENCE_MS, intervalMs }: WaitOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const started = performance.now();
  let last: { value: unknown } | { error: unknown };
  for (;;) {
    try {
      const value = await look();
      if (isThere(value)) return value;
      last = { value };
    } catch (error) {
      last = { error };
    }
    const waitedMs = performance.now() - started;
    if (waitedMs >= timeoutMs) throw timeoutError(what, timeoutMs, last);
    const pauseMs = intervalMs ?? Math.min(Math.max(waitedMs / 10, 20), 500);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function isThere<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false;
}

function timeoutError(
  what: string,
  timeoutMs: number,
  last: { value: unknown } | { error: unknown },
): Error {
  const message = `Timed out after ${timeoutMs} ms waiting for ${what}`;
  if ('error' in last) return new Error(`${message} (the last look threw)`, { cause: last.error });
  return new Error(`${message}; last seen: ${String(last.value)}`);
}
