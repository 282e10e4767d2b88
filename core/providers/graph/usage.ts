import type { UsageReport } from '../../limits';
import { asId, asList, asNumber, asObject, asText, parseObject } from './json';

/** Percent of a limit that is used up. */
export interface UsageShare {
  callCount: number;
  totalTime: number;
  totalCpuTime: number;
}

export interface BusinessUsage extends UsageShare {
  /** The Page or other business object the limit belongs to. */
  objectId: string;
  /** `messenger`, `instagram`, `pages`, … */
  type: string;
  /** Milliseconds until calls are let through again; 0 = now. */
  regainAccessMs: number;
}

/** The rate-limit headers of one answer (Graph API rate limits). */
export interface MetaUsage {
  app: UsageShare | null;
  page: UsageShare | null;
  business: BusinessUsage[];
}

const MINUTE_MS = 60_000;
/** Where Meta names no time: the documented default. */
const DEFAULT_WAIT_MS = 5 * MINUTE_MS;

/** Header values are JSON texts; whatever cannot be read is left out. */
export function parseUsage(headers: Readonly<Record<string, string>>): MetaUsage {
  const byObject = parseObject(headers['x-business-use-case-usage'] ?? '') ?? {};
  const business = Object.entries(byObject).flatMap(([objectId, entries]) =>
    asList(entries).flatMap((entry) => businessUsage(objectId, entry)),
  );
  return {
    app: share(parseObject(headers['x-app-usage'] ?? '')),
    page: share(parseObject(headers['x-page-usage'] ?? '')),
    business,
  };
}

/** Milliseconds to wait after a rate refusal: what the headers name, else five minutes. */
export function waitAfterThrottle(headers: Readonly<Record<string, string>>): number {
  const retryAfterMs = (asNumber(headers['retry-after']) ?? 0) * 1000;
  const named = parseUsage(headers).business.map(({ regainAccessMs }) => regainAccessMs);
  const longest = Math.max(retryAfterMs, ...named);
  return longest > 0 ? longest : DEFAULT_WAIT_MS;
}

/** Business limits that have nothing to do with messages (advertisements, catalogues, …) slow no message down. */
const MESSAGING_TYPES = new Set(['messenger', 'instagram', 'pages', '']);

/**
 * One figure out of an answer's headers: the highest share of any limit that messages fall under.
 * @param throttledForMs see UsageListener
 */
export function usageReport(usage: MetaUsage, throttledForMs: number | null): UsageReport {
  const business = usage.business.filter(({ type }) => MESSAGING_TYPES.has(type));
  const shares = [usage.app, usage.page, ...business].flatMap((one) => one ?? []);
  const percents = shares.flatMap((one) => [one.callCount, one.totalTime, one.totalCpuTime]);
  return {
    percent: Math.max(0, ...percents),
    regainAccessMs: throttledForMs ?? Math.max(0, ...business.map((one) => one.regainAccessMs)),
    throttled: throttledForMs !== null,
  };
}

function businessUsage(objectId: string, value: unknown): BusinessUsage[] {
  const entry = asObject(value);
  const used = share(entry);
  if (entry === null || used === null) return [];
  const minutes = asNumber(entry.estimated_time_to_regain_access) ?? 0;
  return [
    {
      ...used,
      objectId: asId(objectId) ?? '',
      type: asText(entry.type) ?? '',
      regainAccessMs: Math.max(0, minutes) * MINUTE_MS,
    },
  ];
}

function share(value: ReturnType<typeof asObject>): UsageShare | null {
  if (value === null) return null;
  return {
    callCount: asNumber(value.call_count) ?? 0,
    totalTime: asNumber(value.total_time) ?? 0,
    totalCpuTime: asNumber(value.total_cputime) ?? 0,
  };
}
