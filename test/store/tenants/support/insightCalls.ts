import * as insight from '../../../../core/insight';
import type { World } from '../../messaging/support/world';

/** Everything there ever was. */
const HOURS = { from: 0, to: 1e7 };

/** The calls of core/insight; none of them takes an id: what they must not do is count what is another's. */
export function insightCallsWithIdsOf(): Record<string, unknown> {
  return {
    readTraffic: { span: HOURS, filter: { accountIds: [] } },
    planFigures: { from: 0, to: 3 },
    readRolledFigures: { from: 0, to: 2, without: [] },
    countLiveFigures: { spans: [HOURS], answerUnitMs: 1e12 },
    rollUpFigures: { untilHour: 3 },
    readOtherFigures: { days: { from: 0, to: 1e6 } },
    rollUpNext: { untilHour: 3 },
    rollUpAgain: { hours: [1] },
  };
}

/** Functions of the room, called by a thief with ids of the victim. */
export function insightOperationsWithIdsOf(
  { account }: World,
  ctx: World['ctx'],
  tenantId: string,
): Record<string, () => unknown> {
  return {
    getStatistics: () =>
      insight.getStatistics(ctx, { tenantId, period: 'last30Days', accountIds: [account.id] }),
  };
}
