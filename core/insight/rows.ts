import type { Statistics } from './statistics';

/** What *Split Into Rows* makes rows of. */
export const ROWS = [
  'journeys',
  'channels',
  'accounts',
  'days',
  'hours',
  'attendants',
  'sources',
  'ratings',
] as const;
export type RowKind = (typeof ROWS)[number];

/** One part of the statistics as a table, each row with the period that it is of. */
export function statisticsRows(statistics: Statistics, kind: RowKind): object[] {
  const { period } = statistics;
  return rowsOf(statistics, kind).map((row) => ({ period, ...row }));
}

function rowsOf(statistics: Statistics, kind: RowKind): object[] {
  switch (kind) {
    case 'journeys':
      return statistics.journeys;
    case 'channels':
      return statistics.byChannel;
    case 'accounts':
      return statistics.byAccount;
    case 'days':
      return statistics.byDay;
    case 'hours':
      return statistics.byHour;
    case 'attendants':
      return statistics.attendants;
    case 'sources':
      return statistics.conversions.bySource;
    case 'ratings':
      return Object.entries(statistics.ratings.distribution).map(([rating, count]) => ({
        rating: Number(rating),
        count,
      }));
  }
}
