import { spawn } from 'node:child_process';
import os from 'node:os';
import { environmentOf } from './node24.mjs';
import { ROOT } from './paths.mjs';
import { StepFailure, handSignalsTo, stopOnSignals } from './processes.mjs';

/**
 * Hands the terminal over to a Node 24 program and ends as it ends.
 * @param {import('./node24.mjs').Node24} node
 * @param {string[]} args script and its arguments
 * @returns {Promise<number>} the program's exit code (128 + signal number when a signal ended it)
 */
export function handOver(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node.bin, args, {
      cwd: ROOT,
      env: environmentOf(node),
      stdio: 'inherit',
    });
    handSignalsTo((signal) => {
      // Ctrl-C in a terminal reaches the whole process group, the program included; forwarding it
      // would deliver it twice, which many programs take for "at once, without cleaning up".
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
    child.once('error', (error) => reject(new StepFailure(error.message)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return signal ? os.constants.signals[signal] : 0;
}

/**
 * Runs the main function of a script: an explained failure is printed without a stack.
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runScript(main) {
  stopOnSignals();
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof StepFailure ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
