import type { INodeProperties } from 'n8n-workflow';
import type { ConsumerFilter } from '../../core/events';
import type { ProviderId } from '../../core/model/channels';
import { storeOption, tenantOption } from './commonOptions';
import type { TriggerSettings } from './consume';
import type { DoorOptions } from './door/lifecycle';
import { whatsAppEvents } from './eventOptions';
import { tenantId } from './openApp';
import { parameterReader, type ParameterContext, type ParameterReader } from './parameters';
import {
  batchSizeOption,
  batchWaitOption,
  catchUpOption,
  collectMaxOption,
  collectOption,
  downloadFilesOption,
  includePausedOption,
  readCollecting,
} from './triggerOptions';

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

/** Options of a trigger whose events may bring files. */
export const optionsProperty = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    batchSizeOption,
    batchWaitOption,
    catchUpOption,
    collectMaxOption,
    collectOption,
    downloadFilesOption,
    includePausedOption,
    storeOption,
    tenantOption,
  ],
} as const satisfies INodeProperties;

type ReadOptions = ReturnType<ParameterReader<readonly [typeof optionsProperty]>>;

/** Everything the consumer needs of them, read once: in the background n8n's reader no longer works. */
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

const common = [
  eventsProperty(whatsAppEvents),
  accountsProperty('accounts'),
  optionsProperty,
] as const satisfies INodeProperties[];

const readerOf = (context: ParameterContext) =>
  parameterReader(common, (name) => context.getNodeParameter(name, undefined));

/** Where the door of a channel trigger keeps what comes in. */
export function readDoorOptions(context: ParameterContext): DoorOptions {
  const { tenant, store } = readerOf(context)('options');
  return { tenant, store };
}

/** Everything the consumer of a channel trigger needs, read once: of the events of its provider those that are chosen. */
export function readTriggerSettings(
  context: ParameterContext,
  provider: ProviderId,
): TriggerSettings {
  const read = readerOf(context);
  const options = read('options');
  return settingsOf(options, {
    providers: [provider],
    types: read('events'),
    accountIds: read('accounts'),
    includePaused: options.includePaused ?? false,
  });
}
