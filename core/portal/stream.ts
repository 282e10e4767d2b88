import type { StoreSignal } from '../store/unit';
import { headersFor, type PortalResponse, type StreamSink } from './answers';
import type { PortalContext } from './context';

/** Proxies cut silent connections; n8n's own after 5 minutes. */
const COMMENT_EVERY_MS = 15_000;
const LIFETIME_MS = 5 * 60_000;
/** The slow poll behind the signals: on SQLite another process gives none, and NOTIFY may be lost. */
const LOOK_EVERY_MS = 2_000;
/** Signals come in bursts: a busy tenant's log must not be read for each message. */
const QUIET_MS = 250;
const MAX_STREAMS = 50;

let open = 0;

/**
 * The state of a page as Server-Sent Events: now, and again whenever it has changed.
 * @param read the state as JSON; a rejection ends the stream, and the page asks anew
 * @returns null when this process has as many streams as it wants: the page then asks by itself
 */
export function streamAnswer(
  ctx: Pick<PortalContext, 'store' | 'logger'>,
  tenantId: string,
  read: () => Promise<string>,
): PortalResponse | null {
  if (open >= MAX_STREAMS) return null;
  return {
    status: 200,
    headers: {
      ...headersFor('text/event-stream; charset=utf-8'),
      'cache-control': 'no-store, no-transform',
      // nginx would hold everything back until the end.
      'x-accel-buffering': 'no',
    },
    body: '',
    stream: (sink) => follow(ctx, tenantId, read, sink),
  };
}

function follow(
  ctx: Pick<PortalContext, 'store' | 'logger'>,
  tenantId: string,
  read: () => Promise<string>,
  sink: StreamSink,
): void {
  open += 1;
  let last = '';
  let isOver = false;
  let reading: Promise<void> | undefined;
  let isWanted = false;
  let soon: NodeJS.Timeout | undefined;

  const end = () => {
    if (isOver) return;
    isOver = true;
    open -= 1;
    for (const timer of timers) clearInterval(timer);
    clearTimeout(soon);
    unsubscribe();
    sink.end();
  };
  const look = () => {
    if (isOver) return;
    isWanted = reading !== undefined;
    reading ??= readOnce().finally(() => {
      reading = undefined;
      if (isWanted) look();
    });
  };
  const readOnce = async () => {
    try {
      const state = await read();
      if (isOver || state === last) return;
      last = state;
      sink.write(`event: state\ndata: ${state}\n\n`);
    } catch {
      // The link may have been withdrawn, or the store be away: the next call of the page is told which.
      end();
    }
  };
  const unsubscribe = ctx.store.onSignal((signal: StoreSignal) => {
    if (signal.tenantId !== tenantId || isOver) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      look();
    }, QUIET_MS).unref();
  });
  const timers = [
    setInterval(look, LOOK_EVERY_MS).unref(),
    setInterval(() => sink.write(': still here\n\n'), COMMENT_EVERY_MS).unref(),
    setInterval(end, LIFETIME_MS).unref(),
  ];
  sink.onClose(end);
  // Told before anything is read: a page that hears nothing at once asks by itself.
  sink.write('retry: 2000\n: connected\n\n');
  look();
}
