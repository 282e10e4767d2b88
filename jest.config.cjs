'use strict';

/**
 * One project per folder of test/. The tests run the compiled package in dist/ (what is shipped),
 * so build before running them; sandbox/ and test/ itself are compiled on the fly.
 */

/** Suites that need PostgreSQL get one server for the whole run where none is given. */
const SUITES_WITH_DATABASE = new Set(['store', 'nodes', 'e2e', 'chaos']);

const suites = ['unit', 'store', 'sandbox', 'nodes', 'e2e', 'chaos'];

/** @type {(name: string) => import('jest').Config['projects'][number]} */
const project = (name) => ({
  displayName: name,
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  resolver: '<rootDir>/test/support/jestResolver.cjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        sourceMaps: 'inline',
      },
    ],
  },
  // The installed hosts hold thousands of package.json files that jest need not know about.
  modulePathIgnorePatterns: ['<rootDir>/playground/node_modules', '<rootDir>/scripts/node24'],
  ...(SUITES_WITH_DATABASE.has(name)
    ? {
        globalSetup: '<rootDir>/test/support/jestPostgresSetup.ts',
        globalTeardown: '<rootDir>/test/support/jestPostgresTeardown.ts',
      }
    : {}),
});

module.exports = {
  projects: suites.map(project),
  // Milliseconds a single test or hook may take: longer than PATIENCE_MS of waitFor.ts, so that a failure says what
  // did not come. jest takes this from here alone: inside `projects` it has no effect.
  testTimeout: 300_000,
  // CI and most laptops of this project have 2 cores; chaos is started with --runInBand.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/longestFirst.cjs',
  reporters: ['default', '<rootDir>/test/support/junitReporter.cjs'],
};
