import { useId, useState } from 'preact/hooks';
import { ApiError, isHub, type Api, type Card } from '../api.ts';
import { useSpeech, type TextKey } from '../texts/index.ts';
import { Avatar } from './Avatar.tsx';
import { channelName } from './Channel.tsx';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { LoginLink, type OpenedLogin } from './LoginLink.tsx';

interface AccountCardProps {
  api: Api;
  card: Card;
  /** Operators read the reason as the server gives it. */
  showsReason: boolean;
  onSaid: (text: string) => void;
  onOpened: (opened: OpenedLogin) => void;
}

type Work = 'checking' | 'renewing' | 'disconnecting';

export function AccountCard({ api, card, showsReason, onSaid, onOpened }: AccountCardProps) {
  const { say } = useSpeech();
  const [work, setWork] = useState<Work | null>(null);
  const [asks, setAsks] = useState<'disconnect' | 'renew' | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const id = useId();
  const { name, renewBy } = card;
  const throughHub = renewBy !== null && renewBy !== 'server' && isHub(renewBy);

  const run = async (kind: Work, action: string, done: (answer: { card: Card }) => string) => {
    setAsks(null);
    setWork(kind);
    setTrouble(null);
    try {
      onSaid(done(await api.post<{ card: Card }>(action, { accountId: card.id })));
    } catch (error) {
      setTrouble(error instanceof ApiError ? error : new ApiError('internal'));
    } finally {
      setWork(null);
    }
  };
  const check = () =>
    run('checking', 'check', (answer) =>
      say(answer.card.badge === 'active' ? 'checked' : 'checkedNot', { name }),
    );
  const renew = () => {
    if (renewBy !== 'server') setAsks('renew');
    else void run('renewing', 'renew', () => say('renewed', { name }));
  };
  const isOff = card.badge === 'disconnected' || throughHub;

  return (
    <article
      class="card"
      aria-labelledby={id}
      aria-busy={work !== null}
      tabIndex={-1}
      data-testid="card"
    >
      <div class="card-head">
        <Avatar api={api} card={card} />
        <div class="card-names">
          <h3 id={id} data-testid="card-name">
            {name}
          </h3>
          <p class="muted">
            {channelName(card.channel)}
            {card.username !== null && `@${card.username}` !== name && ` · @${card.username}`}
          </p>
        </div>
        <span class={`badge ${card.badge}`} data-testid="badge" data-badge={card.badge}>
          {say(`badge_${card.badge}` as TextKey)}
        </span>
      </div>
      {card.badge !== 'active' && <p class="hint">{say(`hint_${card.badge}` as TextKey)}</p>}
      <Facts card={card} />
      {showsReason && card.reason !== null && (
        <details class="reason">
          <summary>{say('details')}</summary>
          <p lang="en">{card.reason}</p>
        </details>
      )}
      {trouble && <Failure code={trouble.code} details={trouble.details} />}
      <div class="actions">
        {card.can.check && (
          <button
            type="button"
            disabled={work !== null}
            onClick={() => void check()}
            data-testid="check"
          >
            {work === 'checking' ? say('checking') : say('check')}
          </button>
        )}
        {card.can.renew && (
          <button type="button" disabled={work !== null} onClick={renew} data-testid="renew">
            {work === 'renewing' ? say('renewing') : say(isOff ? 'reconnect' : 'renew')}
          </button>
        )}
        {card.can.disconnect && (
          <button
            type="button"
            class="danger"
            disabled={work !== null}
            onClick={() => setAsks('disconnect')}
            data-testid="disconnect"
          >
            {work === 'disconnecting' ? say('disconnecting') : say('disconnect')}
          </button>
        )}
      </div>
      {asks === 'disconnect' && (
        <Dialog
          title={say('disconnectHeading', { name })}
          onClose={() => setAsks(null)}
          testId="disconnect-dialog"
        >
          <p>{say('disconnectText')}</p>
          <div class="actions end">
            <button type="button" onClick={() => setAsks(null)}>
              {say('cancel')}
            </button>
            <button
              type="button"
              class="danger strong"
              data-testid="disconnect-confirm"
              onClick={() =>
                void run('disconnecting', 'disconnect', () => say('disconnected', { name }))
              }
            >
              {say('disconnect')}
            </button>
          </div>
        </Dialog>
      )}
      {asks === 'renew' && renewBy !== null && renewBy !== 'server' && (
        <Dialog
          title={say(throughHub ? 'renewHeadingHub' : 'renewHeading', { name })}
          onClose={() => setAsks(null)}
          testId="renew-dialog"
        >
          <p>{say(throughHub ? 'renewTextHub' : 'renewText', { name })}</p>
          <div class="actions end">
            <button type="button" onClick={() => setAsks(null)}>
              {say('cancel')}
            </button>
            <LoginLink
              api={api}
              login={renewBy}
              accountId={card.id}
              className="button primary"
              testId="renew-login"
              onTrouble={(error) => {
                setAsks(null);
                setTrouble(error);
              }}
              onOpened={(opened) => {
                setAsks(null);
                onOpened(opened);
              }}
            >
              {throughHub
                ? say('throughHub')
                : say(renewBy === 'facebook' ? 'continueFacebook' : 'continueInstagram')}
            </LoginLink>
          </div>
        </Dialog>
      )}
    </article>
  );
}

function Facts({ card }: { card: Card }) {
  const { say, day, moment } = useSpeech();
  const when = (instant: number | null) => (instant === null ? say('never') : moment(instant));
  const rows: Array<[string, string]> = [
    ...(card.pageName === null ? [] : [[say('page'), card.pageName] as [string, string]]),
    [say('connected'), card.connectedAt === null ? say('never') : day(card.connectedAt)],
    [say('lastSynced'), when(card.lastSyncedAt)],
    [say('lastReceived'), when(card.lastReceivedAt)],
    ...(card.badge === 'disconnected'
      ? []
      : [
          [say('expires'), card.expiresAt === null ? say('noExpiry') : day(card.expiresAt)] as [
            string,
            string,
          ],
        ]),
  ];
  return (
    <>
      <dl class="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {card.refusedCalls > 0 && (
        <p class="hint" data-testid="refused">
          {say('refusedCalls', { count: card.refusedCalls, since: when(card.refusedSince) })}
        </p>
      )}
    </>
  );
}
