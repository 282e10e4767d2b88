import { openBrowser } from './openBrowser.ts';
import { parseOptions, USAGE, UsageError, type CommandLineOptions } from './options.ts';
import { Progress, summary } from './output.ts';
import { startPlayground, type Playground } from './playground.ts';

/** Aborts on the first Ctrl-C, SIGTERM or closed terminal; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const ask = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  process.on('SIGHUP', ask);
  return controller.signal;
}

async function run(options: CommandLineOptions): Promise<number> {
  const signal = stopSignal();
  const progress = new Progress(process.stderr);
  const onProgress = (step: string): void => progress.show(step);
  try {
    const playground = await startPlayground({
      ...options,
      workflows: 'all',
      signal,
      onProgress,
    });
    progress.done();
    console.log(summary(playground));
    if (options.open) openBrowser(`${playground.sandbox.url}/`);
    return await runUntilStopped(playground, signal, progress);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 0;
    throw error;
  } finally {
    progress.done();
  }
}

async function runUntilStopped(
  playground: Playground,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const { n8n, sandbox } = playground;
  const how = await new Promise<'asked' | 'ended'>((resolve) => {
    n8n.onUnexpectedExit(() => resolve('ended'));
    if (signal.aborted) resolve('asked');
    else signal.addEventListener('abort', () => resolve('asked'));
  });
  if (how === 'ended') {
    console.error(`n8n ended by itself.\n${n8n.logTail()}`);
    await sandbox.close();
    return 1;
  }
  progress.show('Stopping n8n and the sandbox');
  await playground.stop();
  return 0;
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options.help) {
      console.log(USAGE);
      return 0;
    }
    return await run(options);
  } catch (error) {
    // A wrong option needs its sentence, anything else also where it came from.
    console.error(error instanceof UsageError ? error.message : error);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main();
