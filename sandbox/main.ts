import { parseArgs } from 'node:util';
import { startSandbox } from './server.ts';

const USAGE = `Usage: node sandbox/main.ts [--port 4010] [--host 127.0.0.1] [--state-dir DIR]
                            [--allow-host NAME]... [--fetch-media loopback|all|never]`;

function readOptions(): Parameters<typeof startSandbox>[0] {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      host: { type: 'string' },
      'state-dir': { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      'fetch-media': { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  const fetchMedia = values['fetch-media'];
  if (fetchMedia !== undefined && !['loopback', 'all', 'never'].includes(fetchMedia)) {
    throw new Error('--fetch-media must be loopback, all or never.');
  }
  return {
    port,
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['state-dir'] === undefined ? {} : { stateDir: values['state-dir'] }),
    ...(values['allow-host'] === undefined ? {} : { allowedHosts: values['allow-host'] }),
    ...(fetchMedia === undefined
      ? {}
      : { settings: { fetchMedia: fetchMedia as 'loopback' | 'all' | 'never' } }),
  };
}

try {
  const sandbox = await startSandbox(readOptions());
  console.log(`Sandbox of the Graph API: ${sandbox.url}`);
  console.log(`Phone page:               ${sandbox.url}/`);
  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  console.error(
    code === 'EADDRINUSE'
      ? 'The port is in use by another program. Choose another one with --port.'
      : `${message}\n${USAGE}`,
  );
  process.exitCode = 1;
}
