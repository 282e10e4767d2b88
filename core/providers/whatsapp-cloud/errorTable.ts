import type { RetryClass, SendReason } from '../../model';
import { REASON_OF_CLASS } from '../meta/errorTable';
import { GENERAL_ERRORS } from './errorRows';
import type { WhatsAppErrorRow } from './errorRows';
import { MESSAGE_ERRORS } from './messageErrorRows';
import { NUMBER_ERRORS, TEMPLATE_ERRORS } from './templateErrorRows';

export type { WhatsAppErrorRow } from './errorRows';

export const WHATSAPP_ERRORS: readonly WhatsAppErrorRow[] = [
  ...GENERAL_ERRORS,
  ...MESSAGE_ERRORS,
  ...TEMPLATE_ERRORS,
  ...NUMBER_ERRORS,
];

const BY_CODE = new Map(WHATSAPP_ERRORS.flatMap((row) => row.codes.map((code) => [code, row])));

/** Families of codes that the page names by their range alone. */
const RANGES: ReadonlyArray<{ from: number; to: number; row: Omit<WhatsAppErrorRow, 'codes'> }> = [
  {
    from: 200,
    to: 299,
    row: {
      retryClass: 'permission',
      cause: 'a permission is missing',
      next: 'Give the system user of the token access to this WhatsApp account and make a new token.',
    },
  },
  {
    from: 131201,
    to: 131215,
    row: {
      retryClass: 'invalid',
      cause: 'the request about the group was not accepted',
      next: 'Read what Meta says about it.',
    },
  },
  {
    from: 138000,
    to: 138999,
    row: {
      retryClass: 'invalid',
      cause: 'the request about calls was not accepted',
      next: 'Read what Meta says about it.',
    },
  },
  {
    from: 2388000,
    to: 2388999,
    row: {
      retryClass: 'invalid',
      cause: 'Meta did not accept this about the template',
      next: 'Correct the template as Meta says.',
    },
  },
];

/** By the code alone. Undefined for what the documentation does not know. */
export function findWhatsAppError(code: number): WhatsAppErrorRow | undefined {
  const exact = BY_CODE.get(code);
  if (exact) return exact;
  const range = RANGES.find(({ from, to }) => code >= from && code <= to);
  return range && { codes: [code], ...range.row };
}

/** What a send's result says about a row. */
export function reasonOf({ reason, retryClass }: WhatsAppErrorRow): SendReason {
  return reason ?? REASON_OF_CLASS[retryClass];
}

/** Whether the same message can go through later, as it is. */
export function isRetryable(row: Pick<WhatsAppErrorRow, 'retryClass' | 'waitMs'>): boolean {
  const passes: readonly RetryClass[] = ['rate', 'unavailable'];
  return passes.includes(row.retryClass) || row.waitMs !== undefined;
}
