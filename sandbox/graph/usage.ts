import type { Fault } from '../control/faults.ts';
import type { Context } from '../context.ts';
import type { Channel, Token, Usage } from '../model.ts';

/** Type of the use-case header that goes with a throttle code. Source: section A.7. */
const THROTTLE_TYPES: Record<number, string> = {
  80001: 'pages',
  80002: 'instagram',
  80006: 'messenger',
  80008: 'whatsapp',
};

/** What is known about a call when its headers are made. */
export interface UsageScope {
  /** True for sends and for conversations, which count to the use case and not to the Page. */
  isMessaging: boolean;
  channel: Channel;
  token?: Token;
  /** Business account of WhatsApp that the call was for. */
  businessId?: string;
  throttle?: Fault;
}

/** Usage headers of section A.8; their values are JSON texts with percentages. */
export function usageHeaders(context: Context, scope: UsageScope): Record<string, string> {
  const { token, throttle } = scope;
  const { settings, usage } = context.store.state;
  const calls = context.rates.countCall(context.store.now());
  const counted = Math.min(99, Math.ceil((100 * calls) / settings.callsPerHour));
  const percent = throttle === undefined ? counted : 100;
  const own: Usage = { call_count: percent, total_time: percent, total_cputime: percent };
  const headers: Record<string, string> = { 'x-app-usage': JSON.stringify(usage.app ?? own) };
  const { businessId } = scope;
  const assetId = businessId ?? token?.pageId ?? token?.accountId;
  if (assetId === undefined) return headers;
  if (usage.page !== undefined || (!scope.isMessaging && throttle === undefined)) {
    headers['x-page-usage'] = JSON.stringify(usage.page ?? own);
  }
  if (usage.businessUseCase !== undefined || scope.isMessaging || throttle !== undefined) {
    const entry = {
      type:
        THROTTLE_TYPES[throttle?.error.code ?? 0] ??
        (businessId === undefined ? scope.channel : 'whatsapp'),
      ...own,
      estimated_time_to_regain_access: throttle?.minutes ?? 0,
    };
    headers['x-business-use-case-usage'] = JSON.stringify({
      [assetId]: throttle === undefined ? (usage.businessUseCase ?? [entry]) : [entry],
    });
  }
  return headers;
}
