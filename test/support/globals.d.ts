import type * as jestGlobals from '@jest/globals';

// jest offers these without an import; the types come from the package that belongs to it.
declare global {
  const afterAll: typeof jestGlobals.afterAll;
  const afterEach: typeof jestGlobals.afterEach;
  const beforeAll: typeof jestGlobals.beforeAll;
  const beforeEach: typeof jestGlobals.beforeEach;
  const describe: typeof jestGlobals.describe;
  const expect: typeof jestGlobals.expect;
  const it: typeof jestGlobals.it;
  const jest: typeof jestGlobals.jest;
  const test: typeof jestGlobals.test;
}
