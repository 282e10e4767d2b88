import { ApiError, type Api, type PageState } from './api.ts';

const POLL_MS = 2_000;
/** Nobody looks at a hidden page; it is asked about at once when it is shown again. */
const HIDDEN_POLL_MS = 30_000;
/** Nothing heard of a stream by then: the person need not wait until it is clear why. */
const GLANCE_MS = 1_000;
/** Nor by then: something on the way holds it back. */
const SILENCE_MS = 5_000;
/** The server says something every 15 s. */
const DEAD_AFTER_MS = 40_000;

export interface LiveListener {
  onState(state: PageState): void;
  /** `null`: everything is well again. */
  onTrouble(error: ApiError | null): void;
}

/**
 * Follows the state of the page by what the server says: as a stream, or, where none gets through, by asking every two
 * seconds. Ends when the link is refused.
 * @returns what ends it
 */
export function follow(api: Api, listener: LiveListener): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  void (async () => {
    let streams = true;
    while (!signal.aborted) {
      try {
        if (streams) {
          streams = await stream(api, listener, signal);
          if (!streams) continue;
        } else {
          listener.onState(await api.get<PageState>('state'));
        }
        if (!signal.aborted) listener.onTrouble(null);
      } catch (error) {
        if (signal.aborted) return;
        const trouble = error instanceof ApiError ? error : new ApiError('offline');
        listener.onTrouble(trouble);
        if (isFinal(trouble.code)) return;
        // One poll tells whether it was the stream alone.
        streams = trouble.code === 'offline' || trouble.code === 'store_away';
      }
      if (!signal.aborted) await pause(signal);
    }
  })();
  return () => controller.abort();
}

export function isFinal(code: string): boolean {
  return code.startsWith('link_') || code === 'scope_missing';
}

/** @returns false when no stream gets through */
async function stream(api: Api, listener: LiveListener, outer: AbortSignal): Promise<boolean> {
  const inner = new AbortController();
  const abort = () => inner.abort();
  outer.addEventListener('abort', abort, { once: true });
  let timer = setTimeout(abort, SILENCE_MS);
  let heard = false;
  const glance = setTimeout(() => {
    const tellFirst = (state: PageState) => {
      if (!heard && !outer.aborted) listener.onState(state);
    };
    // What is wrong, the stream or the poll after it will say.
    api.get<PageState>('state').then(tellFirst, () => undefined);
  }, GLANCE_MS);
  try {
    const response = await api.open('events', inner.signal);
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('text/event-stream') || response.body === null) return false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return heard;
      heard = true;
      clearTimeout(glance);
      clearTimeout(timer);
      timer = setTimeout(abort, DEAD_AFTER_MS);
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) tell(block, listener);
    }
  } catch (error) {
    if (inner.signal.aborted && !outer.aborted) return heard;
    throw error;
  } finally {
    clearTimeout(glance);
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
    inner.abort();
  }
}

function tell(block: string, listener: LiveListener): void {
  const lines = block.split('\n');
  if (!lines.includes('event: state')) return;
  const data = lines.find((line) => line.startsWith('data: '));
  if (data === undefined) return;
  listener.onState(JSON.parse(data.slice('data: '.length)) as PageState);
  listener.onTrouble(null);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      document.removeEventListener('visibilitychange', shown);
      resolve();
    };
    const shown = () => {
      if (!document.hidden) end();
    };
    const timer = setTimeout(end, document.hidden ? HIDDEN_POLL_MS : POLL_MS);
    signal.addEventListener('abort', end);
    document.addEventListener('visibilitychange', shown);
  });
}
