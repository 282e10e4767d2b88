import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';

interface Span {
  from: number;
  to: number;
}

export const explainFigureHours: TenantUnit<
  Span,
  Record<'read' | 'next' | 'marks' | 'late', string>
>;
export const explainTenants: InstanceUnit<
  { id: string; marks: number },
  { tenants: string[]; plan: string }
>;
/** In hours. */
export const breakOff: TenantUnit<Span, never>;
/** In epoch ms. */
export const shake: TenantUnit<
  Span & { seed: number; steps: number; only?: number | 'makes' },
  number
>;
