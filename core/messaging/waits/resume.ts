import { describeError } from '../../model';
import type { Host } from '../../model';
import type { HttpClient, HttpResponse } from '../../http/client';
import { HttpFailure } from '../../http/failure';
import { listDueWaits, type DueWait } from '../../store/instance/waits';
import type { MessagingContext } from '../context';
import { sendMessage } from '../outbound';
import { tendWait } from './ask.unit';
import {
  ATTEMPT_MS,
  beginResume,
  noteLateTapTold,
  settleResume,
  takeLateTap,
  type ResumeReply,
} from './resume.unit';
import { openResume } from './seal';

/** What the resumption needs of the process. */
export interface WaitsContext extends MessagingContext {
  http: HttpClient;
  host: Pick<Host, 'localUrl' | 'waitingUrl'>;
}

/** What a resumption brings to our webhook. The answer itself stays in the store. */
export interface ResumeCall {
  omnichannelWait: string;
  attempt: number;
  tenant: string;
}

const AT_ONCE = 8;
const PAGE = 100;
/** Without a sign of an answer it is looked for as rarely as this. */
const IDLE_MS = 5_000;
const SHORTEST_MS = 50;
const LATE_AGAIN_MS = 30_000;

/**
 * Brings answers of people to the executions that wait for them, and looks after the other waits that are due, of every
 * tenant.
 * @returns milliseconds until there is something to do again
 */
export async function resumeAnswered(ctx: WaitsContext, signal?: AbortSignal): Promise<number> {
  const { due, nextInMs } = await ctx.store.run(listDueWaits, { limit: PAGE });
  const hasMore = due.length === PAGE;
  const work = async () => {
    for (let next = due.shift(); next && !signal?.aborted; next = due.shift()) {
      await tend(ctx, next);
    }
  };
  const hadDue = due.length > 0;
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (hasMore) return SHORTEST_MS;
  // What was tended may be due again soon.
  const soonest = hadDue ? 1_000 : IDLE_MS;
  return Math.max(SHORTEST_MS, Math.min(nextInMs ?? IDLE_MS, soonest));
}

async function tend(ctx: WaitsContext, due: DueWait): Promise<void> {
  switch (due.state) {
    case 'waiting':
      return ctx.store.forTenant(due.tenantId).run(tendWait, { id: due.id });
    case 'answered':
      return resumeOne(ctx, due);
    default:
      return tellTooLate(ctx, due);
  }
}

async function resumeOne(ctx: WaitsContext, { tenantId, id }: DueWait): Promise<void> {
  const tenant = ctx.store.forTenant(tenantId);
  const resumption = await tenant.run(beginResume, { id });
  if (!resumption) return;
  const { attempt } = resumption;
  const reply = await post(ctx, { path: openResume(ctx.store, resumption), tenantId, id, attempt });
  const became = await tenant.run(settleResume, { id, attempt, reply });
  if (became === 'ended') {
    ctx.logger.warn('Nobody waits any more for an answer that came', { tenantId, waitId: id });
  } else if (reply.kind === 'trouble' && isWorthTelling(attempt)) {
    ctx.logger.warn(
      `An answer does not reach the workflow that waits for it. ${reply.detail} n8n is called at ${baseOf(ctx)}; set OMNICHANNEL_N8N_URL if it listens elsewhere. It is tried again for a day.`,
      { tenantId, waitId: id, attempt },
    );
  }
}

/** The third time, and ever more rarely. */
function isWorthTelling(attempt: number): boolean {
  return attempt >= 3 && Number.isInteger(Math.log2(attempt - 1));
}

async function post(
  ctx: WaitsContext,
  { path, tenantId, id, attempt }: { path: string; tenantId: string; id: string; attempt: number },
): Promise<ResumeReply> {
  const call: ResumeCall = { omnichannelWait: id, attempt, tenant: tenantId };
  try {
    const response = await ctx.http.request({
      method: 'POST',
      url: `${baseOf(ctx)}${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
      guard: 'trusted',
      timeoutMs: ATTEMPT_MS / 2,
    });
    return readReply(response);
  } catch (error) {
    if (error instanceof HttpFailure) return { kind: 'trouble', detail: describeError(error) };
    throw error;
  }
}

function baseOf({ host }: WaitsContext): string {
  return host.waitingUrl ?? host.localUrl;
}

/** n8n's words (2.40): of a page in place of an answer, and of executions that are gone. */
const NO_ACTION_PAGE = /no action (is )?required/i;
const GONE = /execution .* does not exist|could not find node|matching path/i;

function readReply({ status, body }: HttpResponse): ResumeReply {
  const text = body.toString('utf8');
  if (status >= 200 && status < 300 && (isOurs(text) || NO_ACTION_PAGE.test(text))) {
    return { kind: 'answered' };
  }
  if (status === 409) return { kind: 'running' };
  if (status === 404 && GONE.test(text)) return { kind: 'over' };
  return {
    kind: 'trouble',
    detail: `n8n answered ${status}, which is no answer of its own to this.`,
  };
}

function isOurs(text: string): boolean {
  return text.includes('"omnichannelResumed"');
}

async function tellTooLate(ctx: WaitsContext, { tenantId, id }: DueWait): Promise<void> {
  const tenant = ctx.store.forTenant(tenantId);
  const late = await tenant.run(takeLateTap, { id });
  if (!late) return tenant.run(noteLateTapTold, { id, again: null });
  const { status, reason } = await sendMessage(ctx, {
    tenantId,
    conversationId: late.conversationId,
    content: { type: 'text', text: late.text },
    idempotencyKey: `wait/${id}/late`,
  });
  const mayGoLater = status === 'failed' && reason === 'rate_limited';
  await tenant.run(noteLateTapTold, { id, again: mayGoLater ? LATE_AGAIN_MS : null });
}
