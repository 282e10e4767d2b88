import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { isHub, type Api, type ApiError, type PageState } from '../api.ts';
import { follow, isFinal } from '../live.ts';
import { AccountCard } from '../parts/AccountCard.tsx';
import { ConnectSection } from '../parts/ConnectSection.tsx';
import { Failure } from '../parts/Failure.tsx';
import { LinksPanel } from '../parts/LinksPanel.tsx';
import type { OpenedLogin } from '../parts/LoginLink.tsx';
import { Progress } from '../parts/Progress.tsx';
import { Said } from '../parts/Said.tsx';
import { TenantChoice } from '../parts/TenantChoice.tsx';
import { useSpeech, type Language } from '../texts/index.ts';

interface ConnectPageProps {
  api: Api;
  onLanguage: (language: Language) => void;
}

/** Badges of accounts that are not answered. */
const OUT_OF_WORK: readonly string[] = ['expired', 'error', 'disconnected', 'pending'];

/** What a link opens: ways to connect, and the cards of the accounts. */
export function ConnectPage({ api, onLanguage }: ConnectPageProps) {
  const { say } = useSpeech();
  const [state, setState] = useState<PageState | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const [offerTrouble, setOfferTrouble] = useState<ApiError | null>(null);
  const [opened, setOpened] = useState<OpenedLogin | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  useEffect(
    () =>
      follow(api, {
        onState: (next) => {
          setState(next);
          if (next.link.language !== null) onLanguage(next.link.language);
        },
        onTrouble: setTrouble,
      }),
    // `round` starts anew: after a trouble that ended the following, and for another tenant.
    [api, onLanguage, round],
  );

  const attempt = useMemo(
    () => state?.attempts.find(({ id }) => id === opened?.attemptId),
    [state, opened],
  );
  useEffect(() => {
    if (attempt?.stage !== 'connected' || state === null) return;
    const names = state.accounts
      .filter(({ id }) => attempt.accountIds.includes(id))
      .map(({ name }) => name);
    setSaid(say('connectedNow', { names: names.join(', ') }));
    setOpened(null);
  }, [attempt, state, say]);

  const begin = useCallback((login: OpenedLogin) => {
    setSaid(null);
    setOfferTrouble(null);
    setOpened(login);
  }, []);
  const again = () => {
    setTrouble(null);
    setRound((count) => count + 1);
  };

  if (trouble !== null && (state === null || isFinal(trouble.code))) {
    return (
      <Failure code={trouble.code} details={trouble.details} isPage>
        {!isFinal(trouble.code) && (
          <button type="button" onClick={again} data-testid="try-again">
            {say('tryAgain')}
          </button>
        )}
      </Failure>
    );
  }
  if (state === null) return <Skeleton />;

  const { accounts, link, logins } = state;
  const connected = accounts.filter(({ badge }) => !OUT_OF_WORK.includes(badge)).length;
  const showsReason = link.scope !== 'connect';
  return (
    <>
      <div class="intro">
        <h1>{say('title')}</h1>
        {link.tenantName !== null && (
          <p class="tenant" data-testid="tenant">
            {link.tenantName}
          </p>
        )}
        <p class="muted">{say(logins.length > 0 && logins.every(isHub) ? 'introHub' : 'intro')}</p>
      </div>
      {link.scope === 'instance' && (
        <TenantChoice
          api={api}
          tenantId={link.tenantId}
          onChoose={(tenantId) => {
            api.tenantId = tenantId;
            setState(null);
            again();
          }}
        />
      )}
      {trouble !== null && (
        <section class="notice" role="status" data-testid="trouble">
          <p class="notice-title">{say('troubleHeading')}</p>
          <p>{say('troubleText')}</p>
        </section>
      )}
      <Said text={said} onDismiss={() => setSaid(null)} />
      {opened !== null && (
        <Progress opened={opened} attempt={attempt} onEnd={() => setOpened(null)} />
      )}
      {offerTrouble !== null && (
        <Failure code={offerTrouble.code} details={offerTrouble.details}>
          <button
            type="button"
            onClick={() => {
              setOfferTrouble(null);
              again();
            }}
          >
            {say('tryAgain')}
          </button>
        </Failure>
      )}
      {logins.length > 0 && (
        <ConnectSection
          key={round}
          api={api}
          logins={logins}
          showsRequirements={accounts.length === 0}
          onOpened={begin}
          onTrouble={setOfferTrouble}
        />
      )}
      <section aria-labelledby="accounts-heading">
        <div class="section-head">
          <h2 id="accounts-heading">{say('accountsHeading')}</h2>
          {connected > 0 && (
            <p class="muted" data-testid="count">
              {say('accountsCount', { count: connected })}
            </p>
          )}
        </div>
        {accounts.length === 0 ? (
          <div class="empty" data-testid="empty">
            <p class="notice-title">{say('emptyHeading')}</p>
            <p class="muted">{say('emptyText')}</p>
          </div>
        ) : (
          <div class="cards">
            {accounts.map((card) => (
              <AccountCard
                key={card.id}
                api={api}
                card={card}
                showsReason={showsReason}
                onSaid={setSaid}
                onOpened={begin}
              />
            ))}
          </div>
        )}
      </section>
      {(link.scope === 'admin' || link.scope === 'instance') && (
        <LinksPanel key={link.tenantId} api={api} />
      )}
    </>
  );
}

function Skeleton() {
  const { say } = useSpeech();
  return (
    <div class="loading" role="status" data-testid="loading">
      <span class="hidden">{say('loading')}</span>
      <div class="skeleton title" />
      <div class="skeleton panel" />
      <div class="cards">
        <div class="skeleton card" />
        <div class="skeleton card" />
      </div>
    </div>
  );
}
