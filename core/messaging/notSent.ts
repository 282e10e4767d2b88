import { describeError, type SendError, type SendResult } from '../model';
import type { JourneyChange } from './journey/change';
import { resultBase } from './sent';
import type { SendTarget } from './target.unit';

/** Nothing was reserved yet, so there is no message either. */
export function notUploaded(target: SendTarget, error: SendError): SendResult {
  const { reason, retryable } = error;
  return {
    status: 'failed',
    reason,
    detail: describeError(error),
    retryable,
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}

export function alreadySent(target: SendTarget): SendResult {
  return {
    status: 'skipped',
    reason: 'already_sent',
    detail:
      'Another node or workflow has sent this message already, or is sending it. Nothing was sent by this one. Where both are meant to go, give them different names under Journey Message.',
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}

/** As alreadySent, of one person who was two contacts. */
export function alreadySentAs(target: SendTarget): SendResult {
  return {
    ...alreadySent(target),
    detail:
      'This person has had this message already, under the id of a contact who was made one with them. Nothing was sent.',
  };
}

/** What the message is about has changed since it was due. */
export function changedMeanwhile(
  target: SendTarget,
  { reason, detail }: JourneyChange,
): SendResult {
  return {
    status: 'skipped',
    reason,
    detail: `${detail} Nothing was sent.`,
    ...resultBase({ ...target, messageId: '' }),
    messageId: null,
  };
}

export function underWay(target: SendTarget, messageId: string): SendResult {
  return {
    status: 'unknown',
    reason: 'outcome_unknown',
    detail:
      'Another send with this key has no result yet: it is under way, or it is being settled. Nothing was sent by this call.',
    retryable: false,
    ...resultBase({ ...target, messageId }),
  };
}
