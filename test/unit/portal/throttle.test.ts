import { Allowance } from '../../../core/portal/throttle';

const WINDOW_MS = 1_000;

describe('an allowance', () => {
  it('refuses what is too much within its window, and no longer', () => {
    const allowance = new Allowance(2, WINDOW_MS);
    allowance.spend('a', 0);
    allowance.spend('a', 999);
    expect(() => allowance.check('a', 999)).toThrow('Too many attempts');
    expect(() => allowance.check('a', 1_000)).not.toThrow();
  });

  it('counts each key by itself', () => {
    const allowance = new Allowance(1, WINDOW_MS);
    allowance.spend('a', 0);
    expect(() => allowance.spend('b', 0)).not.toThrow();
  });

  it('does not count what was refused: the wait does not begin again', () => {
    const allowance = new Allowance(1, WINDOW_MS);
    allowance.spend('a', 0);
    expect(() => allowance.spend('a', 900)).toThrow();
    expect(() => allowance.spend('a', 1_000)).not.toThrow();
  });

  it('remembers no more keys than it has room for', () => {
    const allowance = new Allowance(1, WINDOW_MS);
    for (let n = 0; n < 20_000; n += 1) allowance.spend(`key-${n}`, 0);
    expect(() => allowance.spend('key-0', 1)).not.toThrow();
    expect(() => allowance.spend('key-19999', 1)).toThrow();
  });
});
