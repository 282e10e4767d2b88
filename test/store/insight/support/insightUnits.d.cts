import type { TenantUnit } from '../../../../core/store/unit';

export const fill: TenantUnit<{ messages: number; everyMs: number; now: number }, void>;
export const explainStatistics: TenantUnit<
  { period: { from: number; to: number }; span: { from: number; to: number } },
  Record<string, string>
>;
