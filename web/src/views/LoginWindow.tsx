import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, folder, type Api, type Choice, type Completion } from '../api.ts';
import { channelName, ChannelSign } from '../parts/Channel.tsx';
import { Failure } from '../parts/Failure.tsx';
import { useSpeech, type Language } from '../texts/index.ts';

interface LoginWindowProps {
  api: Api;
  onLanguage: (language: Language) => void;
}

/** The login stands where it stood: it goes on, or asks once more which accounts. */
const RETRYABLE = ['offline', 'internal', 'store_away', 'provider_down', 'provider_refused'];
const BUSY_AGAIN_MS = 1_500;
const CLOSE_AFTER_MS = 2_000;

/** The window in which the login came back: finishes it, asks which accounts, and says when it is done. */
export function LoginWindow({ api, onLanguage }: LoginWindowProps) {
  const { say } = useSpeech();
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const [isConnecting, setConnecting] = useState(false);

  const run = useCallback(
    async (call: () => Promise<Completion>) => {
      setTrouble(null);
      for (;;) {
        try {
          const answer = await call();
          setCompletion(answer);
          if (answer.language !== null) onLanguage(answer.language);
          return;
        } catch (error) {
          const refusal = error instanceof ApiError ? error : new ApiError('internal');
          // The page was loaded twice, or a process died over it.
          if (refusal.code === 'login_busy') await pause(BUSY_AGAIN_MS);
          else return setTrouble(refusal);
        }
      }
    },
    [onLanguage],
  );
  useEffect(() => {
    void run(() => api.post('complete'));
  }, [api, run]);

  if (trouble !== null) {
    const isRetryable = RETRYABLE.includes(trouble.code);
    return (
      <Failure code={trouble.code} details={trouble.details} isPage>
        {isRetryable && (
          <button type="button" onClick={() => void run(() => api.post('complete'))}>
            {say('tryAgain')}
          </button>
        )}
        <CloseButton />
      </Failure>
    );
  }
  if (completion === null) {
    return (
      <section class="window" role="status" data-testid="completing">
        <span class="spinner big" aria-hidden="true" />
        <h1>{say('completing')}</h1>
      </section>
    );
  }
  if (completion.stage === 'failed') {
    return <Failed api={api} completion={completion} onTrouble={setTrouble} />;
  }
  if (completion.stage === 'connected') return <Done completion={completion} />;
  return (
    <Choose
      choices={completion.choices}
      isConnecting={isConnecting}
      onChoose={(ids) => {
        setConnecting(true);
        void run(() => api.post('choose', { ids })).finally(() => setConnecting(false));
      }}
    />
  );
}

interface ChooseProps {
  choices: Choice[];
  isConnecting: boolean;
  onChoose: (ids: string[]) => void;
}

function Choose({ choices, isConnecting, onChoose }: ChooseProps) {
  const { say } = useSpeech();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(choices.filter(({ problem }) => !problem).map(({ id }) => id)),
  );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <form
      class="window"
      data-testid="choices"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.size > 0) onChoose([...chosen]);
      }}
    >
      <h1 id="choose-heading">{say('chooseHeading')}</h1>
      <p class="muted">{say('chooseText')}</p>
      <ul class="choices" aria-labelledby="choose-heading">
        {choices.map(({ id, channel, name, pageName, problem }) => (
          <li key={id}>
            <label class="choice">
              <input
                type="checkbox"
                checked={chosen.has(id)}
                onChange={() => toggle(id)}
                data-testid={`choice-${id}`}
              />
              <ChannelSign channel={channel} />
              <span>
                <strong>{name}</strong>
                <span class="muted">
                  {channelName(channel)}
                  {pageName !== null && ` · ${say('page')} ${pageName}`}
                </span>
                {problem && <span class="hint">{say('choiceProblem')}</span>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <p role="status" class="hint">
        {chosen.size === 0 && say('chooseNone')}
      </p>
      <div class="actions">
        <button
          type="submit"
          class="primary"
          disabled={isConnecting || chosen.size === 0}
          data-testid="choose-connect"
        >
          {isConnecting ? say('connecting') : say('chooseConnect', { count: chosen.size })}
        </button>
      </div>
    </form>
  );
}

function Done({ completion }: { completion: Completion }) {
  const { say } = useSpeech();
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      window.close();
      // Browsers close only windows that a script opened.
      setTimeout(() => setStays(true), 500);
    }, CLOSE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section class="window" role="status" data-testid="done">
      <svg class="tick" viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="22" fill="currentColor" />
        <path d="M14 25l7 7 14-15" fill="none" stroke="var(--surface)" stroke-width="4" />
      </svg>
      <h1>{say('doneHeading')}</h1>
      <ul class="choices">
        {completion.accounts.map(({ id, channel, name, warning }) => (
          <li key={id} class="choice">
            <ChannelSign channel={channel} />
            <span>
              <strong>{name}</strong>
              {warning && <span class="hint">{say('doneWarning')}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">{say(stays ? 'doneStay' : 'doneText')}</p>
    </section>
  );
}

interface FailedProps {
  api: Api;
  completion: Completion;
  onTrouble: (error: ApiError) => void;
}

function Failed({ api, completion, onTrouble }: FailedProps) {
  const { say } = useSpeech();
  const [isStarting, setStarting] = useState(false);
  const again = async () => {
    setStarting(true);
    try {
      const { path } = await api.post<{ path: string }>('again');
      location.href = new URL(path, folder()).href;
    } catch (error) {
      onTrouble(error instanceof ApiError ? error : new ApiError('internal'));
    }
  };
  return (
    <Failure
      code={completion.error ?? 'internal'}
      details={{ permissions: completion.permissions }}
      isPage
    >
      <button
        type="button"
        class="primary"
        disabled={isStarting}
        onClick={() => void again()}
        data-testid="login-again"
      >
        {say('tryAgain')}
      </button>
      <CloseButton />
    </Failure>
  );
}

function CloseButton() {
  const { say } = useSpeech();
  const [stays, setStays] = useState(false);
  const close = () => {
    window.close();
    setTimeout(() => setStays(true), 500);
  };
  return stays ? (
    <p class="muted">{say('doneStay')}</p>
  ) : (
    <button type="button" onClick={close}>
      {say('closeWindow')}
    </button>
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
