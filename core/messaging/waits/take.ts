import type { Store } from '../../store/store';
import type { WaitAnswer } from './expectation';
import type { ResumeCall } from './resume';
import { takeAnswer } from './resume.unit';

/**
 * The answer that a call to n8n's resume address brings, once for each attempt.
 * @param body of the call
 * @param path path and query of the call, whose signature n8n has checked: an answer goes to its own execution alone
 * @returns null where there is nothing to take: the execution goes on waiting
 */
export async function takeResumption(
  ctx: { store: Store },
  { body, path }: { body: unknown; path: string },
): Promise<WaitAnswer | null> {
  const call = readCall(body);
  if (!call) return null;
  const tenant = ctx.store.forTenant(call.tenant);
  const taken = await tenant.run(takeAnswer, {
    id: call.omnichannelWait,
    attempt: call.attempt,
    fingerprint: ctx.store.sealer.fingerprint(path),
  });
  return taken.kind === 'taken' ? taken.answer : null;
}

function readCall(body: unknown): ResumeCall | null {
  if (typeof body !== 'object' || body === null) return null;
  const { omnichannelWait, attempt, tenant } = body as Record<string, unknown>;
  const isCall =
    typeof omnichannelWait === 'string' &&
    typeof attempt === 'number' &&
    typeof tenant === 'string';
  return isCall ? { omnichannelWait, attempt, tenant } : null;
}
