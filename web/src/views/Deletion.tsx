import { useEffect, useState } from 'preact/hooks';
import { ApiError, createApi } from '../api.ts';
import { Failure } from '../parts/Failure.tsx';
import { useSpeech } from '../texts/index.ts';

interface DeletionStatus {
  status: 'received' | 'done';
  requestedAt: number;
  completedAt: number | null;
}

/** What became of a person's wish to have their data deleted. */
export function Deletion({ code }: { code: string }) {
  const { say, day } = useSpeech();
  const [found, setFound] = useState<DeletionStatus | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  useEffect(() => {
    createApi(code)
      .get<DeletionStatus>('deletion')
      .then(setFound)
      .catch((error: unknown) =>
        setTrouble(error instanceof ApiError ? error : new ApiError('internal')),
      );
  }, [code]);
  if (trouble !== null) return <Failure code={trouble.code} isPage />;
  if (found === null) {
    return (
      <div class="loading" role="status" data-testid="loading">
        <span class="hidden">{say('loading')}</span>
        <div class="skeleton title" />
        <div class="skeleton panel" />
      </div>
    );
  }
  return (
    <section class="panel" data-testid="deletion">
      <h1>{say('deletionHeading')}</h1>
      <p class="muted">{say('deletionText')}</p>
      <p class="notice-title" role="status">
        {found.status === 'done'
          ? say('deletionDone', { date: day(found.completedAt ?? found.requestedAt) })
          : say('deletionReceived', { date: day(found.requestedAt) })}
      </p>
      <p class="muted">
        {say('deletionCode')}: <code>{code}</code>
      </p>
    </section>
  );
}
