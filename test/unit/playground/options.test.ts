import path from 'node:path';
import { parseOptions, UsageError } from '../../../playground/options.ts';
import { ROOT } from '../../../scripts/lib/paths.mjs';

describe('the options of npm start', () => {
  it('has the defaults that the usage text promises', () => {
    expect(parseOptions([])).toEqual({
      port: 5678,
      sandboxPort: 4010,
      dataDir: path.join(ROOT, '.playground'),
      reset: false,
      open: true,
      help: false,
    });
  });

  it('takes every option', () => {
    const args = ['--port', '6000', '--sandbox-port=6001', '--data-dir', '/srv/data', '--reset'];
    expect(parseOptions([...args, '--no-open', '-h'])).toEqual({
      port: 6000,
      sandboxPort: 6001,
      dataDir: path.resolve('/srv/data'),
      reset: true,
      open: false,
      help: true,
    });
  });

  it.each([
    [['--port', '0'], /--port must be a number from 1 to 65535, not "0"/],
    [['--sandbox-port', 'many'], /--sandbox-port must be a number/],
    [['--port', '7000', '--sandbox-port', '7000'], /must differ/],
    [['--fast'], /--fast/],
  ])('refuses %j with a sentence about it', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
