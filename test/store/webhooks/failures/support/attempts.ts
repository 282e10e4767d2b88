import type { TenantStore } from '../../../../../core/store/store';
import type { DeliveryLogEntry } from '../../../../../core/webhooks';
import { waitFor } from '../../../../support/waitFor';
import type { webhooksOf } from '../../support/webhooks';

/** The log of a tenant, oldest attempt first, once there are so many attempts in it. */
export async function attemptsOf(
  webhooks: ReturnType<typeof webhooksOf>,
  tenant: TenantStore,
  count: number,
): Promise<DeliveryLogEntry[]> {
  return await waitFor(
    async () => {
      const log = await webhooks.log(tenant);
      return log.length >= count && log;
    },
    { what: `${count} attempts in the log` },
  );
}

/** Milliseconds from an instant until an ISO time. */
export function msUntil(iso: string | null, fromMs: number): number {
  return Date.parse(String(iso)) - fromMs;
}
