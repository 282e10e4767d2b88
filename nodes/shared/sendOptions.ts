import type { INodeProperties } from 'n8n-workflow';
import type { SendSettings } from '../../core/model/content';
import type { LimitWait } from '../../core/messaging/room';
import { storeOption, tenantOption } from './commonOptions';

export const whenNotSentOption = {
  displayName: 'When Not Sent',
  name: 'whenNotSent',
  type: 'options',
  default: 'failOnFailed',
  description: 'What a message that was not sent does to the workflow',
  options: [
    {
      name: 'Stop Only if It Failed',
      value: 'failOnFailed',
      description:
        'A refusal is an error; "skipped" and "unknown" are results, because nothing is wrong with the workflow',
    },
    {
      name: 'Stop Unless It Was Sent',
      value: 'fail',
      description: 'Also "skipped" and "unknown" are errors',
    },
    {
      name: 'Never Stop',
      value: 'return',
      description: 'Always return the result with its status and reason',
    },
  ],
} as const satisfies INodeProperties;

export const idempotencyKeyOption = {
  displayName: 'Idempotency Key',
  name: 'idempotencyKey',
  type: 'string',
  default: '',
  placeholder: 'e.g. order-4711-shipped',
  description:
    'A text of your own: what was sent under it is never sent again in this tenant, by whichever node or workflow. It overrides Send Again.',
} as const satisfies INodeProperties;

export const replyToOption = {
  displayName: 'Reply To',
  name: 'replyTo',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.message.providerId }}',
  description:
    "The message that this one quotes: message.providerId of the trigger's item, or providerMessageId of an earlier send",
} as const satisfies INodeProperties;

export const sendAgainOption = {
  displayName: 'Send Again?',
  name: 'sendAgain',
  type: 'options',
  default: 'oncePerEvent',
  description:
    'What happens when n8n runs this node twice for the same event, for example after a crash',
  options: [
    {
      name: 'Once per Event',
      value: 'oncePerEvent',
      description:
        'The second time nothing is sent and the first result comes back with "duplicate". Test runs in the editor always send.',
    },
    {
      name: 'Every Time This Node Runs',
      value: 'everyRun',
      description: 'Each execution sends. Retries inside an execution still do not send twice.',
    },
  ],
} as const satisfies INodeProperties;

export const splitLongTextOption = {
  displayName: 'Split Long Text',
  name: 'splitLongText',
  type: 'boolean',
  default: true,
  description:
    'Whether a text that is too long for one message of the channel goes in several, cut between words; a caption that the channel cannot show follows its file in the same way. Switched off, both are refused.',
} as const satisfies INodeProperties;

export const maxWaitOption = {
  displayName: 'Wait at Most (Seconds)',
  name: 'maxWaitSeconds',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 86_400 },
  default: 120,
  description:
    'How long one message waits for room, where you chose to wait under When the Limit Is Reached. What cannot go within this time fails without waiting.',
} as const satisfies INodeProperties;

export const whenLimitedOption = {
  displayName: 'When the Limit Is Reached',
  name: 'whenLimited',
  type: 'options',
  default: 'fail',
  description:
    'What a message does whose account has used up its limits (they are those of the node Rate Limiter)',
  options: [
    {
      name: 'Fail',
      value: 'fail',
      description: 'At once, with code 429, how many are left and the time to wait',
    },
    {
      name: 'Wait',
      value: 'wait',
      description: 'Until there is room, at the pace of the minute, as long as Wait at Most allows',
    },
  ],
} as const satisfies INodeProperties;

/** Options of every sending operation. */
export const sendOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    {
      displayName: 'Human Agent',
      name: 'humanAgent',
      type: 'boolean',
      default: false,
      description:
        'Whether a person wrote this answer, so that it may go up to 7 days after the customer last wrote (Meta: tag HUMAN_AGENT). Inside 24 hours it changes nothing. Automated messages are forbidden under it, and your app needs the feature Human Agent (App Review).',
    },
    idempotencyKeyOption,
    {
      displayName: 'Notification',
      name: 'notification',
      type: 'options',
      default: 'regular',
      description: "How the customer's device tells of it; Messenger only",
      options: [
        { name: 'None', value: 'none', description: 'No notification' },
        { name: 'Regular', value: 'regular', description: 'With sound' },
        { name: 'Silent', value: 'silent', description: 'Shown without a sound' },
      ],
    },
    replyToOption,
    sendAgainOption,
    splitLongTextOption,
    storeOption,
    tenantOption,
    maxWaitOption,
    whenNotSentOption,
    whenLimitedOption,
  ],
} as const satisfies INodeProperties;

export type WhenNotSent = (typeof whenNotSentOption.options)[number]['value'];

interface SettingOptions {
  humanAgent?: boolean;
  notification?: NonNullable<SendSettings['notification']>;
  replyTo?: string;
  linkPreview?: boolean;
}

/** How the message is sent; what was left as it is does not count as a wish. */
export function settingsOf({
  humanAgent,
  notification,
  replyTo,
  linkPreview,
}: SettingOptions): SendSettings {
  const answered = replyTo?.trim();
  return {
    ...(humanAgent && { humanAgent }),
    ...(notification && notification !== 'regular' && { notification }),
    ...(answered && { replyTo: answered }),
    ...(linkPreview !== undefined && { linkPreview }),
  };
}

/** The option *When the Limit Is Reached*, with its time. */
export interface WhenLimited {
  whenLimited?: 'fail' | 'wait' | undefined;
  maxWaitSeconds?: number | undefined;
}

/** @param signal of the execution: who cancels it does not wait on */
export function limitWaitOf(
  { whenLimited, maxWaitSeconds = maxWaitOption.default }: WhenLimited,
  signal: AbortSignal | undefined,
): LimitWait | undefined {
  return whenLimited === 'wait' ? { maxMs: maxWaitSeconds * 1_000, signal } : undefined;
}
