import type { TenantUnit } from '../../../../core/store/unit';

export const endJourneyLeases: TenantUnit<null, void>;
export const fillDue: TenantUnit<{ count: number; from: number }, void>;
export const explainDue: TenantUnit<
  { from: number; to: number },
  Record<
    'starts_at' | 'ends_at' | 'booked_at' | 'late' | 'zones' | 'birthdays' | 'silent' | 'lost',
    string
  >
>;
