export * from './accounts';
export type { AccountsContext } from './context';
export * from './doors';
export * from './testListeners';
export * from './useConnection';
