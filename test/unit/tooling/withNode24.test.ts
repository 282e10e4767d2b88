import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const SCRIPT = path.join(ROOT, 'scripts/with-node24.mjs');

describe('scripts/with-node24.mjs', () => {
  it('runs on Node 24 or later and passes arguments and output on', () => {
    const result = run('node', '-p', 'process.versions.node');
    expect(Number(result.stdout.split('.')[0])).toBeGreaterThanOrEqual(24);
  });

  it('finds the commands of installed packages', () => {
    expect(run('tsc', '--version').stdout).toMatch(/^Version 5\./);
  });

  it('ends with the exit code of the program', () => {
    expect(run('node', '-e', 'process.exit(7)').status).toBe(7);
  });

  it('says plainly what is not installed', () => {
    const result = run('no-such-tool');
    expect(result.status).toBe(1);
    expect(result.stderr.trim()).toBe('"no-such-tool" is not installed: run "npm run build" once.');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'hands %s on and waits for the program',
    async (signal) => {
      const program = `
      process.on('${signal}', () => { console.log('cleaned up'); process.exit(3); });
      setInterval(() => {}, 1000);
      console.log('ready');`;
      const child = spawn(process.execPath, [SCRIPT, 'node', '-e', program], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output === 'ready\n') child.kill(signal);
      });
      const [code] = (await once(child, 'close')) as [number];
      expect(output).toBe('ready\ncleaned up\n');
      expect(code).toBe(3);
    },
  );
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [SCRIPT, ...args], { cwd: ROOT, encoding: 'utf8' });
}
