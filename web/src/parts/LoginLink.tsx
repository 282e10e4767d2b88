import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, folder, type Api, type Login } from '../api.ts';
import { useSpeech } from '../texts/index.ts';

/** A login that may be begun: its address works once, for ten minutes. */
export interface Offer {
  attemptId: string;
  url: string;
}

/** What became of a click. */
export interface OpenedLogin extends Offer {
  login: Login;
  /** null: the browser did not open it. */
  window: Window | null;
}

const REFRESH_AFTER_MS = 9 * 60_000;
const WIDTH = 600;
const HEIGHT = 700;

export interface LoginLinkProps {
  api: Api;
  login: Login;
  accountId?: string;
  className: string;
  testId: string;
  onOpened: (opened: OpenedLogin) => void;
  onTrouble: (error: ApiError) => void;
  children: ComponentChildren;
}

/**
 * A link to the provider's login that opens in a window of its own. Its address is fetched before it is needed, for
 * browsers open windows only at the very click.
 */
export function LoginLink(props: LoginLinkProps) {
  const { api, login, accountId, className, testId, onOpened, onTrouble, children } = props;
  const { say } = useSpeech();
  const [offer, setOffer] = useState<Offer | null>(null);
  const offeredAt = useRef(0);
  const isGone = useRef(false);

  const fetchOffer = useCallback(async () => {
    setOffer(null);
    try {
      const made = await api.post<{ attemptId: string; path: string }>('start', {
        login,
        ...(accountId === undefined ? {} : { accountId }),
      });
      if (isGone.current) return;
      offeredAt.current = Date.now();
      setOffer({ attemptId: made.attemptId, url: new URL(made.path, folder()).href });
    } catch (error) {
      if (!isGone.current) onTrouble(error instanceof ApiError ? error : new ApiError('internal'));
    }
  }, [api, login, accountId, onTrouble]);

  useEffect(() => {
    isGone.current = false;
    void fetchOffer();
    const refresh = () => {
      const isOld = Date.now() - offeredAt.current > REFRESH_AFTER_MS;
      if (!document.hidden && offeredAt.current > 0 && isOld) void fetchOffer();
    };
    const timer = setInterval(refresh, 30_000);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      isGone.current = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [fetchOffer]);

  if (offer === null) {
    return (
      <button type="button" class={className} disabled data-testid={`${testId}-preparing`}>
        {say('preparing')}
      </button>
    );
  }
  const open = (event: Event) => {
    event.preventDefault();
    const opened = window.open(offer.url, 'omnichannel-connect', features());
    onOpened({ ...offer, login, window: opened });
    // The address is used up; a blocked one stays good for the plain link.
    void fetchOffer();
  };
  return (
    <a class={className} href={offer.url} target="_blank" onClick={open} data-testid={testId}>
      {children}
      <span class="hidden"> ({say('newWindow')})</span>
    </a>
  );
}

function features(): string {
  const left = Math.max(0, screenX + (outerWidth - WIDTH) / 2);
  const top = Math.max(0, screenY + (outerHeight - HEIGHT) / 2);
  return `popup,width=${WIDTH},height=${HEIGHT},left=${Math.round(left)},top=${Math.round(top)}`;
}
