import { durationOf } from '../../../core/limits';
import {
  isRetryable,
  reasonOf,
  WHATSAPP_ERRORS,
  type WhatsAppErrorRow,
} from '../../../core/providers/whatsapp-cloud/errorTable';
import { readPage } from './support/pages.ts';

const { text } = readPage('docs/whatsapp-rules.md');

/** The lines of the table by their codes, each cell without its padding. */
const rows = new Map(
  [...text.matchAll(/^\| (\d[\d, ]*?) *\|(.*)\|$/gm)].map(([, codes, cells]) => [
    codes ?? '',
    (cells ?? '').split('|').map((cell) => cell.trim()),
  ]),
);

function expected(row: WhatsAppErrorRow): string[] {
  const isUnknown = row.retryClass === 'ambiguous';
  const later = row.waitMs === undefined ? 'yes' : `after ${durationOf(row.waitMs)}`;
  const again = isUnknown ? 'settled by its status' : isRetryable(row) ? later : 'no';
  const stops = row.stopsAccount ? ' The account shows `error` until then.' : '';
  const reason = isUnknown ? 'outcome_unknown' : reasonOf(row);
  return [row.cause, `\`${reason}\``, again, row.next + stops];
}

describe('the table of errors of WhatsApp', () => {
  it.each(WHATSAPP_ERRORS.map((row) => [row.codes.join(', '), row] as const))(
    'says of %s what the code does',
    (codes, row) => {
      expect(rows.get(codes)).toEqual(expected(row));
    },
  );

  it('has no row that the code does not know', () => {
    expect(rows.size).toBe(WHATSAPP_ERRORS.length);
  });
});
