export { closeApps, openApp, type App } from './app';
export { prune, RETENTION, type Pruned } from './prune';
export {
  leasedRunner,
  type LeasedRunnerOptions,
  type RunContext,
  type Runner,
  type RunnerDeps,
} from './runner';
export { acquireRuntime, createRuntime, type Runtime, type RuntimeHandle } from './runtime';
export { closeUnwantedDoors } from './unwantedDoors';
