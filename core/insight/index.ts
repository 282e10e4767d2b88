export { PERIODS, type PeriodName } from './period';
export { rollUp } from './rollUp';
export { ROWS, statisticsRows, type RowKind } from './rows';
export { getStatistics, type Statistics, type StatisticsInput } from './statistics';
