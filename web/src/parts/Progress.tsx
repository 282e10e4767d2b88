import { useEffect, useState } from 'preact/hooks';
import { isHub, type Attempt } from '../api.ts';
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
/** NotificaMe tells nobody that it is done: it is asked for the new account for a while after its window closed. */
const HUB_PATIENCE_MS = 45_000;

/** A login that goes on in another window. How it went is the server's word; the window only tells that it is gone. */
export function Progress({ opened, attempt, onEnd }: ProgressProps) {
  const { say } = useSpeech();
  const ofHub = isHub(opened.login);
  const closedForMs = useClosedForMs(opened.window);
  const isClosed = closedForMs > (ofHub ? HUB_PATIENCE_MS : PATIENCE_MS);
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
      <Failure code={ofHub ? 'hub_window_closed' : 'popup_closed'}>
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
        {ofHub
          ? say(closedForMs > 0 ? 'hubLookingText' : 'hubWaitingText')
          : stage === 'choosing'
            ? say('choosingText')
            : stage === 'returned'
              ? say('finishingText')
              : say('waitingText')}
      </p>
      <div class="actions">
        {opened.window !== null && closedForMs === 0 && (
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

/** 0 while the window is open, or where there is none of ours. */
function useClosedForMs(target: Window | null): number {
  const [closedForMs, setClosedForMs] = useState(0);
  useEffect(() => {
    if (target === null) return undefined;
    let closedAt: number | null = null;
    const timer = setInterval(() => {
      if (!target.closed) return;
      closedAt ??= Date.now();
      setClosedForMs(Math.max(1, Date.now() - closedAt));
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [target]);
  return closedForMs;
}
