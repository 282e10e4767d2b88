import { StepFailure } from './processes.mjs';

const startedAt = performance.now();
const HEARTBEAT_MS = 20_000;

/**
 * Does a piece of work and says so: a line at the start, one every 20 s, one at the end.
 * @template T
 * @param {string} title what is being done, e.g. "Building"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begun = performance.now();
  say(`${title} …`);
  const heartbeat = setInterval(() => say(`  … still ${title.toLowerCase()}`), HEARTBEAT_MS);
  try {
    const result = await work();
    say(`  done in ${seconds(performance.now() - begun)}`);
    return result;
  } catch (error) {
    if (error instanceof StepFailure) error.step ??= title;
    say(`  FAILED after ${seconds(performance.now() - begun)}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Prints a line with the time since the script started. */
export function say(/** @type {string} */ text) {
  console.log(`[${seconds(performance.now() - startedAt).padStart(8)}] ${text}`);
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
