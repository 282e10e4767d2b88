import { WAIT_INDEFINITELY } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';

interface ApprovalValues {
  approvalType?: 'single' | 'double';
  approveLabel?: string;
  disapproveLabel?: string;
}

/** The buttons of a question, with n8n's own words where the panel says nothing. */
export function approvalChoices({
  approvalType = 'single',
  approveLabel = '',
  disapproveLabel = '',
}: ApprovalValues = {}): Array<{ label: string; approved: boolean }> {
  const approve = { label: approveLabel.trim() || 'Approve', approved: true };
  if (approvalType === 'single') return [approve];
  return [approve, { label: disapproveLabel.trim() || 'Decline', approved: false }];
}

interface LimitValues {
  limitType?: 'afterTimeInterval' | 'atSpecifiedTime';
  resumeAmount?: number;
  resumeUnit?: 'minutes' | 'hours' | 'days';
  maxDateAndTime?: string;
}

const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 24 * 3_600_000 };

/**
 * Until when n8n waits: as its own nodes read *Limit Wait Time*.
 * @throws InvalidInputError for a time that is none
 */
export function waitUntil(limit: LimitValues | undefined, now: number): Date {
  if (!limit) return WAIT_INDEFINITELY;
  const { limitType = 'afterTimeInterval', resumeAmount = 1, resumeUnit = 'hours' } = limit;
  const until =
    limitType === 'afterTimeInterval'
      ? new Date(now + resumeAmount * UNIT_MS[resumeUnit])
      : new Date(limit.maxDateAndTime ?? '');
  if (!Number.isNaN(until.getTime())) return until;
  throw new InvalidInputError('Limit Wait Time', 'The time until which to wait is no time.', {
    hint: 'Choose a date and a time, or wait for an interval.',
  });
}
