export type { LimitsContext } from './context';
export type { Pace, PaceRequest } from './pace';
export type { LimitRequest } from './request';
export * from './settings';
export * from './take';
export * from './usage';
export * from './wait';
export { DEFAULT_LIMITS } from './windows';
export * from './words';
