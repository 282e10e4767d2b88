import type { INodeProperties } from 'n8n-workflow';
import type { ConsumerFilter } from '../../core/events';
import type { TriggerSettings } from './consume';
import { tenantId } from './openApp';
import { readCollecting } from './triggerOptions';

/* What the panels of the channel triggers have in common, and how it is read. */

/** Which events start the workflow. */
export function eventsProperty<const O extends NonNullable<INodeProperties['options']>>(
  options: O,
) {
  return {
    displayName: 'Events',
    name: 'events' as const,
    type: 'multiOptions' as const,
    required: true,
    default: ['message.received', 'message.postback'],
    description: 'What starts the workflow. Everything is recorded, whatever is chosen here.',
    options,
  };
}

/** @param what the accounts are called on this panel */
export function accountsProperty(what: string) {
  return {
    displayName: 'Account Names or IDs',
    name: 'accounts' as const,
    type: 'multiOptions' as const,
    default: [],
    description: `Only events of these ${what}; empty means all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
    typeOptions: { loadOptionsMethod: 'getAccounts' },
  };
}

export const testNotice = {
  displayName:
    'To test, publish first: the test shows a copy of the next message that reaches the production URL, and changes nothing there.',
  name: 'testNotice',
  type: 'notice',
  default: '',
} as const satisfies INodeProperties;

/** The options that all of them have, as they are read. */
type ReadOptions = Parameters<typeof readCollecting>[0] & {
  tenant?: string | undefined;
  store?: string | undefined;
  batchSize?: number | undefined;
  batchWaitSeconds?: number | undefined;
  catchUpHours?: number | undefined;
  downloadFiles?: boolean | undefined;
};

/** Everything the consumer needs of them, read once. */
export function settingsOf(options: ReadOptions, filter: ConsumerFilter): TriggerSettings {
  return {
    tenantId: tenantId(options.tenant),
    store: options.store,
    filter,
    batchSize: options.batchSize ?? 1,
    batchWaitMs: (options.batchWaitSeconds ?? 0) * 1000,
    collect: readCollecting(options),
    catchUpHours: options.catchUpHours ?? 24,
    downloadsFiles: options.downloadFiles,
  };
}
