import type { Fault } from '../control/faults.ts';
import type { Context } from '../context.ts';
import type { Token } from '../model.ts';

/** Usage headers of section A.8; their values are JSON texts with percentages. */
export function usageHeaders(
  context: Context,
  segments: readonly string[],
  token: Token | undefined,
  throttle: Fault | undefined,
): Record<string, string> {
  const calls = context.rates.countCall(context.store.now());
  const { callsPerHour } = context.store.state.settings;
  const percent =
    throttle === undefined ? Math.min(99, Math.ceil((100 * calls) / callsPerHour)) : 100;
  const usage = { call_count: percent, total_time: percent, total_cputime: percent };
  const headers: Record<string, string> = { 'x-app-usage': JSON.stringify(usage) };
  if (token?.pageId === undefined) return headers;
  const isMessaging = segments[1] === 'messages' || segments[1] === 'conversations';
  if (!isMessaging && throttle === undefined) {
    headers['x-page-usage'] = JSON.stringify(usage);
    return headers;
  }
  const type = throttle?.error.code === 80002 ? 'instagram' : 'messenger';
  headers['x-business-use-case-usage'] = JSON.stringify({
    [token.pageId]: [
      {
        type,
        call_count: percent,
        total_cputime: percent,
        total_time: percent,
        estimated_time_to_regain_access: throttle?.minutes ?? 0,
      },
    ],
  });
  return headers;
}
