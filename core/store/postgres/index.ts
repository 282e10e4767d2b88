export { PostgresExecutor } from './executor';
export { probePostgres } from './probe';
export { describeTarget, identifyTarget } from './target';
