import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, TOOLS } from './paths.mjs';

/** A step failed in a way that `message` explains to the person; a stack would not help. */
export class StepFailure extends Error {
  /** Title of the step, where it failed inside one. @type {string | undefined} */
  step;
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {(() => void | Promise<void>)[]} */
const cleanUps = [];
let isStopping = false;

/** Registers work to be done once when the script is interrupted or calls `finish`. */
export function onFinish(/** @type {() => void | Promise<void>} */ cleanUp) {
  cleanUps.push(cleanUp);
}

/** Runs the registered clean-ups, last one first; one that fails does not stop the others. */
export async function finish() {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    try {
      await cleanUp();
    } catch (error) {
      console.error(`Clean-up failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Signals that ask a program to end, and the exit code that says so. */
const ENDING = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

/** Ends all children and cleans up when the person presses Ctrl-C or the machine shuts down. */
export function stopOnSignals() {
  for (const signal of endingSignals()) process.on(signal, stop);
}

/** Leaves the signals to `handler` instead. @param {(signal: keyof typeof ENDING) => void} handler */
export function handSignalsTo(handler) {
  for (const signal of endingSignals()) {
    process.off(signal, stop);
    process.on(signal, () => handler(signal));
  }
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  if (isStopping) return;
  isStopping = true;
  console.error(`\nStopping (${signal}) …`);
  for (const child of running) signalGroup(child, signal);
  void finish().finally(() => process.exit(ENDING[/** @type {keyof typeof ENDING} */ (signal)]));
}

function endingSignals() {
  return /** @type {(keyof typeof ENDING)[]} */ (Object.keys(ENDING));
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the project's folder
 * @property {Record<string, string | undefined>} [env] default: the script's own environment
 * @property {string} [log] name of the file in .tools/ that takes the output; without it the output
 *   goes to the terminal
 * @property {number} [timeoutMs] after this the whole process group is killed
 * @property {() => void} [onTimeout] told when that happens
 */

/**
 * Runs a program to its end, in a process group of its own so that its children end with it.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit code; 1 when it was ended by a signal
 */
export function run(command, args, options = {}) {
  const output = options.log === undefined ? undefined : fs.openSync(logPath(options.log), 'a');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? process.env,
      stdio: output === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', output, output],
      detached: process.platform !== 'win32',
    });
    running.add(child);
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            options.onTimeout?.();
            signalGroup(child, 'SIGKILL');
          }, options.timeoutMs);
    const end = () => {
      running.delete(child);
      clearTimeout(timer);
      if (output !== undefined) fs.closeSync(output);
    };
    child.once('error', (error) => {
      end();
      reject(new StepFailure(`${command} could not be started: ${error.message}`));
    });
    child.once('exit', (code) => {
      end();
      // Interrupted: what comes next must not start; the process ends when the clean-up is done.
      if (!isStopping) resolve(code ?? 1);
    });
  });
}

/**
 * Runs a program whose output only matters when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions & { log: string }} options
 * @throws StepFailure with the end of its output and the path of the log
 */
export async function runLogged(command, args, options) {
  fs.rmSync(logPath(options.log), { force: true });
  const code = await run(command, args, options);
  if (code !== 0) throw new StepFailure(`${endOfLog(options.log)}\n(exit code ${code})`);
}

/** @param {string} log */
export function endOfLog(log, lines = 60) {
  const file = logPath(log);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd() : '';
  return `${text.split('\n').slice(-lines).join('\n')}\nThe whole output: ${path.relative(ROOT, file)}`;
}

/** @param {string} name */
function logPath(name) {
  fs.mkdirSync(TOOLS, { recursive: true });
  return path.join(TOOLS, name);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended.
  }
}
