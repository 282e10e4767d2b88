import type { DeliverInput } from '../../../../core/messaging';
import type { ScheduleConditions } from '../../../../core/journeys';
import type { Channel } from '../../../../core/model/channels';
import { InvalidInputError } from '../../../../core/model/errors';
import { core } from '../../../shared/loadCore';
import type { ParameterReader } from '../../../shared/parameters';
import type { fields } from './sendFields';

export type Read = ParameterReader<typeof fields>;
type Whom = Pick<
  DeliverInput,
  | 'conversationId'
  | 'contactId'
  | 'phone'
  | 'accountId'
  | 'recipientExternalId'
  | 'automatic'
  | 'channels'
  | 'prefer'
>;

/** Whom the panel names. @throws InvalidInputError naming the field */
export function readWhom(read: Read): Whom {
  const channels = (read('options').channels ?? []) as Channel[];
  const prefer = (read('options').preferChannels ?? []) as Channel[];
  const automatic = {
    automatic: true,
    ...(channels.length > 0 && { channels }),
    ...(prefer.length > 0 && { prefer }),
  };
  switch (read('sendTo')) {
    case 'conversation': {
      const conversationId = read('conversation').trim();
      if (!conversationId) {
        throw new InvalidInputError('Conversation', '"Conversation" is empty.', {
          hint: "Use the trigger item's conversation.id. Items of other nodes may not have it.",
        });
      }
      return {
        conversationId,
        ...(read('conversationChannel') === 'automatic' && automatic),
      };
    }
    case 'contact': {
      const contactId = filled('Contact', read('contactId'));
      return read('channelChoice') === 'account'
        ? { contactId, accountId: filled('Account', read('account')) }
        : { contactId, ...automatic };
    }
    case 'phone': {
      const phone = filled('Phone Number', read('phone'));
      return read('channelChoice') === 'account'
        ? { recipientExternalId: phone, accountId: filled('Account', read('account')) }
        : { phone, ...automatic };
    }
    case 'channelId':
      return {
        accountId: filled('Account', read('account')),
        recipientExternalId: filled('Recipient ID', read('recipientId')),
      };
  }
}

export interface When {
  /** Epoch ms; undefined = now. */
  dueAt?: number | undefined;
  beforeAt?: number | undefined;
  lateMs?: number | undefined;
  waitForHours?: boolean | undefined;
  conditions: ScheduleConditions;
}

/** When the message goes. @param zone of the workflow. @throws InvalidInputError naming the field */
export function readWhen(read: Read, zone: string): When {
  const { mustGoBefore, lateHours, skipIf = [], appointmentId } = read('options');
  const sendWhen = read('sendWhen');
  const appointment = appointmentId?.trim();
  return {
    dueAt: sendWhen === 'atTime' ? instantIn(read('sendAt'), zone, 'Send At') : undefined,
    beforeAt: mustGoBefore ? instantIn(mustGoBefore, zone, 'Must Go Before') : undefined,
    lateMs: lateHours === undefined ? undefined : lateHours * 3_600_000,
    waitForHours: sendWhen === 'afterQuiet' ? true : undefined,
    conditions: {
      ...(skipIf.includes('answered') && { notAnswered: true }),
      ...(skipIf.includes('closed') && { conversationOpen: true }),
      ...(appointment && { appointmentId: appointment }),
    },
  };
}

/** A moment as a panel or an expression gives it. @throws InvalidInputError naming the field */
export function instantIn(value: unknown, zone: string, field: string): number {
  const isGiven = value !== undefined && value !== null && value !== '';
  if (!isGiven) {
    throw new InvalidInputError(field, `"${field}" is empty.`, {
      hint: 'Give a date and a time, such as 2026-11-25T14:00.',
    });
  }
  return core.google.readDate(value as string, zone, field).toMillis();
}

function filled(field: string, text: string): string {
  const value = text.trim();
  if (value) return value;
  throw new InvalidInputError(field, `"${field}" is empty.`, {
    hint: "Take it from the trigger's item, or write it.",
  });
}
