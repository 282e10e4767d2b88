import { useEffect, useState } from 'preact/hooks';
import type { Attempt } from '../api.ts';
import { useSpeech } from '../texts/index.ts';
import { Failure } from './Failure.tsx';
import type { OpenedLogin } from './LoginLink.tsx';

interface ProgressProps {
  opened: OpenedLogin;
  /** What the server says of it; undefined until the login window has reached it. */
  attempt: Attempt | undefined;
  onEnd: () => void;
}

const LOOK_EVERY_MS = 500;
/** The server's word of a success comes before the window closes; a little patience for a slow line. */
const PATIENCE_MS = 3_000;

/** A login that goes on in another window. How it went is the server's word; the window only tells that it is gone. */
export function Progress({ opened, attempt, onEnd }: ProgressProps) {
  const { say } = useSpeech();
  const isClosed = useIsClosed(opened.window);
  const stage = attempt?.stage;
  if (stage === 'failed') {
    return (
      <Failure code={attempt?.error ?? 'internal'}>
        <button type="button" onClick={onEnd} data-testid="attempt-again">
          {say('tryAgain')}
        </button>
      </Failure>
    );
  }
  if (opened.window === null && stage === undefined) {
    return (
      <Failure code="popup_blocked">
        <a
          class="button primary"
          href={opened.url}
          target="_blank"
          rel="noopener noreferrer"
          data-testid="plain-link"
        >
          {say('openHere')}
          <span class="hidden"> ({say('newWindow')})</span>
        </a>
        <button type="button" onClick={onEnd}>
          {say('cancel')}
        </button>
      </Failure>
    );
  }
  if (isClosed) {
    return (
      <Failure code="popup_closed">
        <button type="button" onClick={onEnd} data-testid="attempt-again">
          {say('tryAgain')}
        </button>
      </Failure>
    );
  }
  return (
    <section class="notice" role="status" data-testid="waiting">
      <p class="notice-title">
        <span class="spinner" aria-hidden="true" /> {say('waitingHeading')}
      </p>
      <p>
        {stage === 'choosing'
          ? say('choosingText')
          : stage === 'returned'
            ? say('finishingText')
            : say('waitingText')}
      </p>
      <div class="actions">
        {opened.window !== null && (
          <button type="button" onClick={() => opened.window?.focus()}>
            {say('showWindow')}
          </button>
        )}
        <button type="button" onClick={onEnd}>
          {say('stopWaiting')}
        </button>
      </div>
    </section>
  );
}

function useIsClosed(target: Window | null): boolean {
  const [isClosed, setClosed] = useState(false);
  useEffect(() => {
    if (target === null) return undefined;
    let closedAt: number | null = null;
    const timer = setInterval(() => {
      if (!target.closed) return;
      closedAt ??= Date.now();
      if (Date.now() - closedAt >= PATIENCE_MS) setClosed(true);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [target]);
  return isClosed;
}
