import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, type Api, type LinkRow } from '../api.ts';
import { useSpeech, type TextKey } from '../texts/index.ts';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';

/** Who can open the page: the links of this tenant, to be withdrawn. */
export function LinksPanel({ api }: { api: Api }) {
  const { say } = useSpeech();
  const [links, setLinks] = useState<LinkRow[] | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const [asked, setAsked] = useState<LinkRow | null>(null);

  const attempt = useCallback(async (call: () => Promise<{ links: LinkRow[] }>) => {
    try {
      setTrouble(null);
      setLinks((await call()).links);
    } catch (error) {
      setTrouble(error instanceof ApiError ? error : new ApiError('internal'));
    }
  }, []);
  useEffect(() => {
    void attempt(() => api.get('links'));
  }, [api, attempt]);

  return (
    <section aria-labelledby="links-heading" class="panel" data-testid="links">
      <h2 id="links-heading">{say('linksHeading')}</h2>
      {trouble && <Failure code={trouble.code} details={trouble.details} />}
      {links?.length === 0 && <p class="muted">{say('linksEmpty')}</p>}
      {links !== null && links.length > 0 && (
        <ul class="links">
          {links.map((link) => (
            <LinkItem key={link.id} link={link} onRevoke={() => setAsked(link)} />
          ))}
        </ul>
      )}
      {asked && (
        <Dialog title={say('linkRevokeHeading')} onClose={() => setAsked(null)}>
          <p>{say('linkRevokeText')}</p>
          <div class="actions end">
            <button type="button" onClick={() => setAsked(null)}>
              {say('cancel')}
            </button>
            <button
              type="button"
              class="danger strong"
              data-testid="revoke-confirm"
              onClick={() => {
                const { id } = asked;
                setAsked(null);
                void attempt(() => api.post('revokeLink', { linkId: id }));
              }}
            >
              {say('linkRevoke')}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function LinkItem({ link, onRevoke }: { link: LinkRow; onRevoke: () => void }) {
  const { say, day, moment } = useSpeech();
  const isOver = link.revokedAt !== null || link.expiresAt <= Date.now();
  const notes = [
    say(`scope_${link.scope}` as TextKey),
    link.revokedAt !== null
      ? say('linkRevoked')
      : isOver
        ? say('linkExpired')
        : say('linkUntil', { date: day(link.expiresAt) }),
    link.lastUsedAt === null
      ? say('linkUnused')
      : say('linkUsed', { date: moment(link.lastUsedAt) }),
    ...(link.isThis ? [say('linkThis')] : []),
  ];
  return (
    <li data-testid="link" class={isOver ? 'over' : ''}>
      <div>
        <p class="notice-title">{link.name === '' ? say('linkUnnamed') : link.name}</p>
        <p class="muted">{notes.join(' · ')}</p>
      </div>
      {!isOver && (
        <button
          type="button"
          class="danger"
          onClick={onRevoke}
          data-testid="revoke"
          aria-label={`${say('linkRevoke')}: ${link.name === '' ? say('linkUnnamed') : link.name}`}
        >
          {say('linkRevoke')}
        </button>
      )}
    </li>
  );
}
