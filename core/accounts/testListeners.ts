import type { ProviderId } from '../model';
import type { TestListener } from '../store/statements/testListeners';
import type { AccountsContext } from './context';
import { dropTestListener, readTestListeners, saveTestListener } from './doors.unit';

export type { TestListener } from '../store/statements/testListeners';

export interface AddTestListenerInput {
  tenantId: string;
  /** `${workflowId}:${nodeId}`: listening again takes the place of the last time. */
  id: string;
  provider: ProviderId;
  /** n8n's test URL of the trigger node. */
  url: string;
  /** Milliseconds; n8n itself listens for 120 s. */
  ttlMs: number;
}

/** Someone in the editor waits for a test event: until then the production door copies events to `url`. */
export async function addTestListener(
  ctx: AccountsContext,
  input: AddTestListenerInput,
): Promise<TestListener> {
  const listener: TestListener = {
    id: input.id,
    provider: input.provider,
    url: input.url,
    expiresAt: ctx.clock.now() + input.ttlMs,
  };
  await ctx.store.forTenant(input.tenantId).run(saveTestListener, listener);
  return listener;
}

export async function removeTestListener(
  ctx: AccountsContext,
  tenantId: string,
  id: string,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(dropTestListener, { id });
}

/** Who waits for test events of this provider right now. */
export async function activeTestListeners(
  ctx: AccountsContext,
  tenantId: string,
  provider: ProviderId,
): Promise<TestListener[]> {
  return ctx.store.forTenant(tenantId).run(readTestListeners, { provider });
}
