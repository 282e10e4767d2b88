import { useSpeech } from '../texts/index.ts';

/** What has just been done; read out by screen readers, for the region is there before the text is. */
export function Said({ text, onDismiss }: { text: string | null; onDismiss: () => void }) {
  const { say } = useSpeech();
  return (
    <div class="said" role="status" aria-live="polite" data-testid="said">
      {text !== null && (
        <div class="notice good">
          <p class="notice-title">{text}</p>
          <button type="button" class="icon-button" aria-label={say('dismiss')} onClick={onDismiss}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M5 5l10 10M15 5L5 15" stroke="currentColor" stroke-width="1.8" />
            </svg>
          </button>
        </div>
      )}
    </div>
  );
}
