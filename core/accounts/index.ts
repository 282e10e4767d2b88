export * from './accounts';
export { checkConnection, type CheckedConnection, type ConnectionProblem } from './checkConnection';
export type { ConnectionItem } from './connectionItem';
export {
  disconnectAccount,
  getConnection,
  listConnections,
  renewConnection,
  type ListConnectionsInput,
} from './connections';
export {
  connectLogin,
  fingerprintOf,
  sourceState,
  type ConnectLoginInput,
  type SourceState,
} from './connectLogin';
export type { AccountsContext, LoginsContext } from './context';
export * from './doors';
export type { SilenceSettings } from './silence/settings';
export * from './silence/watch';
export {
  credentialState,
  syncCredentialAccounts,
  type CredentialState,
  type SyncCredentialAccountsInput,
} from './sync';
export { tendDueLogins, tendLogin, type Tended } from './tendLogin';
export { subscribeAtDoor } from './subscribeAccounts';
export * from './testListeners';
export * from './useConnection';
