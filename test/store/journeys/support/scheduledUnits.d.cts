import type { InstanceUnit } from '../../../../core/store/unit';

export const deleteScheduled: InstanceUnit<null, void>;
export const endClaims: InstanceUnit<null, void>;
export const fillScheduled: InstanceUnit<
  { tenantId: string; done: number; waiting: number; from: number },
  void
>;
export const explainDue: InstanceUnit<null, string>;
