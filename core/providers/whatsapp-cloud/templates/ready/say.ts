import { OmnichannelError } from '../../../../model';
import type { ReadyOutcome } from './types';

/** Meta's reasons for a rejection, with what helps. Source: reasons of message_template_status_update. */
const AFTER_REJECTION: Partial<Record<string, string>> = {
  ABUSIVE_CONTENT: 'Change its wording in WhatsApp Manager.',
  INCORRECT_CATEGORY: 'Delete it and create it in the category that Meta names.',
  INVALID_FORMAT: 'Edit it in WhatsApp Manager: variables and examples are what Meta looks at.',
  PROMOTIONAL: 'Take everything that promotes out of it, or make it a marketing template.',
  SCAM: 'Change its wording in WhatsApp Manager, and check the name of the business in it.',
  TAG_CONTENT_MISMATCH: 'Its language or category does not fit its text: correct it there.',
};

const PARTS_NOTE = 'The one that is there was left as it is';

/** How a template stands and what to do next, in one or two sentences. */
export function sentenceFor(
  outcome: Pick<ReadyOutcome, 'status' | 'rejectedReason' | 'differences' | 'outcome'>,
): string {
  const { differences } = outcome;
  const note =
    outcome.outcome === 'existing' && differences.length > 0
      ? ` ${PARTS_NOTE}; it differs from the ready-made one in: ${differences.join(', ')}. The bundled workflows count on the ready-made one: delete yours to have it made, or fill the workflow's template with your own.`
      : '';
  return standing(outcome) + note;
}

function standing({
  status,
  rejectedReason,
}: Pick<ReadyOutcome, 'status' | 'rejectedReason'>): string {
  switch (status) {
    case 'APPROVED':
      return 'Approved: it can be sent.';
    case 'PENDING':
    case 'IN_APPEAL':
      return 'Meta is reviewing it: minutes as a rule, a day at most. Run this again, or wait for the event template.statusChanged.';
    case 'REJECTED': {
      const next =
        AFTER_REJECTION[rejectedReason ?? ''] ??
        'Edit it in WhatsApp Manager and hand it in again.';
      return `Meta rejected it${rejectedReason === null ? '' : ` (${rejectedReason})`}. ${next}`;
    }
    case 'PAUSED':
      return 'Meta paused it because people reported or blocked it; the pause ends after 3 to 6 hours.';
    case 'DISABLED':
      return 'Meta disabled it for good: create another one with another text.';
    default:
      return `Its status is ${status ?? 'not known'}: look at it in WhatsApp Manager.`;
  }
}

export function sentenceOf(error: unknown): string {
  if (!(error instanceof OmnichannelError)) {
    return error instanceof Error ? error.message : String(error);
  }
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
