import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import type { HubMessage, HubSubscription } from './model.ts';

/** `2026-11-18 07:03:28 pm`: wall clock of São Paulo (UTC-3 since 2019), without a zone. */
export function hubTime(at: number): string {
  const local = new Date(at - 3 * 3_600_000).toISOString();
  const hour = Number(local.slice(11, 13));
  const half = hour < 12 ? 'am' : 'pm';
  const shown = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0');
  return `${local.slice(0, 10)} ${shown}${local.slice(13, 19)} ${half}`;
}

/** `MESSAGE`, shaped like what was seen in August 2026: on Instagram the contents are JSON in a text. */
export function messageEvent(
  { store }: Context,
  message: HubMessage,
  subscription: HubSubscription,
): Record<string, unknown> {
  const { channels, people } = store.state.notificaMe;
  const channel = channels[message.channelId];
  const person = people[message.personId];
  const type = channel?.type ?? 'telegram';
  const isIn = message.direction === 'IN';
  const { name = '', firstName = '', lastName } = person ?? {};
  return {
    id: randomUUID(),
    type: 'MESSAGE',
    subscriptionId: subscription.id,
    timestamp: hubTime(message.createdAt),
    channel: type,
    direction: message.direction,
    message: {
      id: message.id,
      to: isIn ? message.channelId : message.personId,
      from: isIn ? message.personId : message.channelId,
      channel: type,
      direction: message.direction,
      ...(isIn ? { visitor: { name, firstName, ...(lastName ? { lastName } : {}) } } : {}),
      contents: type === 'instagram' ? JSON.stringify(message.contents) : message.contents,
    },
    providerMessageId: message.providerMessageId,
  };
}

/** `MESSAGE_STATUS` of Zenvia's dialect: it names no channel token and nobody. */
export function statusEvent(
  { store }: Context,
  message: HubMessage,
  code: string,
  cause: Record<string, unknown> | null,
  subscription: HubSubscription,
): Record<string, unknown> {
  const at = hubTime(store.now());
  return {
    id: randomUUID(),
    type: 'MESSAGE_STATUS',
    timestamp: at,
    subscriptionId: subscription.id,
    channel: store.state.notificaMe.channels[message.channelId]?.type,
    direction: 'OUT',
    messageId: message.id,
    contentIndex: 0,
    messageStatus: {
      timestamp: at,
      code,
      description: `The message is ${code.toLowerCase()}`,
      ...(cause === null ? {} : { causes: [cause] }),
    },
    providerMessageId: message.providerMessageId,
  };
}
