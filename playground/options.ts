import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../scripts/lib/paths.mjs';

export interface CommandLineOptions {
  /** Port of n8n's editor. */
  port: number;
  /** Port of the sandbox: the stand-in for the providers and the phone page. */
  sandboxPort: number;
  /** Absolute path of the folder that keeps everything between runs. */
  dataDir: string;
  /** Delete `dataDir` before starting. */
  reset: boolean;
  /** Open the phone page in the browser once everything runs. */
  open: boolean;
  help: boolean;
}

export const USAGE = `Starts a real n8n with this package, a sandbox that stands in for Instagram and Messenger,
and the ready-made workflows.

  npm start -- [options]

  --port <number>          port of n8n's editor (default 5678)
  --sandbox-port <number>  port of the sandbox and its phone page (default 4010)
  --data-dir <folder>      where everything is kept between runs (default .playground)
  --reset                  forget everything of earlier runs first
  --no-open                do not open the phone page in the browser
  -h, --help               show this text
`;

/** What the person who typed the command got wrong; the message says how to put it right. */
export class UsageError extends Error {}

/**
 * Reads the command line.
 * @param args without node and the script's name
 * @throws UsageError for an unknown option or a port that is none
 */
export function parseOptions(args: string[]): CommandLineOptions {
  const values = readArguments(args);
  const options = {
    port: readPort('--port', values.port),
    sandboxPort: readPort('--sandbox-port', values['sandbox-port']),
    dataDir: path.resolve(ROOT, values['data-dir']),
    reset: values.reset,
    open: !values['no-open'],
    help: values.help,
  };
  if (options.port === options.sandboxPort) {
    throw new UsageError('--port and --sandbox-port must differ.');
  }
  return options;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '5678' },
        'sandbox-port': { type: 'string', default: '4010' },
        'data-dir': { type: 'string', default: '.playground' },
        reset: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readPort(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`${option} must be a number from 1 to 65535, not "${text}".`);
  }
  return port;
}
