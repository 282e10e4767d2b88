import type { INodeProperties } from 'n8n-workflow';
import type { Collecting } from '../../core/events';

/** Options that every trigger over the event log has. */
export const batchSizeOption = {
  displayName: 'Batch Size',
  name: 'batchSize',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 500, numberPrecision: 0 },
  default: 1,
  description:
    'Up to how many events one execution gets, each as an item. n8n starts about 15 executions a second: raise this where more comes in.',
} as const satisfies INodeProperties;

export const batchWaitOption = {
  displayName: 'Batch Wait (Seconds)',
  name: 'batchWaitSeconds',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 60 },
  default: 0,
  description: 'How long to wait for a fuller batch before the workflow starts with what is there',
} as const satisfies INodeProperties;

export const catchUpOption = {
  displayName: 'Catch Up (Hours)',
  name: 'catchUpHours',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 720 },
  default: 24,
  description:
    'After a pause, for example while this workflow was not published, events up to this age are still delivered; older ones are marked stale. So are missed messages that were fetched afterwards.',
} as const satisfies INodeProperties;

export const downloadFilesOption = {
  displayName: 'Download Files',
  name: 'downloadFiles',
  type: 'boolean',
  default: false,
  description:
    'Whether to put pictures, videos, recordings and documents of messages into the binary data of their item (attachment_0, attachment_1, …). One that cannot be had leaves its reason in downloadError of the attachment.',
} as const satisfies INodeProperties;

export const includePausedOption = {
  displayName: 'Include Conversations Under Hand-Over',
  name: 'includePaused',
  type: 'boolean',
  default: false,
  description:
    'Whether to also start for conversations that a person has taken over. Automation should usually stay silent there.',
} as const satisfies INodeProperties;

export const collectOption = {
  displayName: 'Collect Messages (Seconds)',
  name: 'collectSeconds',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 3600 },
  default: 0,
  placeholder: 'e.g. 8',
  description:
    'Wait until nothing more was written in a conversation for so long, and start once with all its messages: the texts line by line in message.text, each message in messages. 0 starts for each message.',
} as const satisfies INodeProperties;

export const collectMaxOption = {
  displayName: 'Collect at Most (Seconds)',
  name: 'collectMaxSeconds',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 3600 },
  default: 60,
  description:
    'With "Collect Messages": start at the latest so long after the first message, also when more keeps coming',
} as const satisfies INodeProperties;

/** The values of the two, as the consumer takes them. */
export function readCollecting(options: {
  collectSeconds?: number;
  collectMaxSeconds?: number;
}): Collecting | undefined {
  const quietMs = (options.collectSeconds ?? 0) * 1000;
  if (quietMs === 0) return undefined;
  // Who waits longer than the default for the next message waits for it at least.
  const maxMs = (options.collectMaxSeconds ?? collectMaxOption.default) * 1000;
  return {
    quietMs,
    maxMs: options.collectMaxSeconds === undefined ? Math.max(maxMs, quietMs) : maxMs,
  };
}
