import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useSpeech } from '../texts/index.ts';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  testId?: string;
}

/** A question before something happens. The browser's own dialog: it holds the focus, Escape closes. */
export function Dialog({ title, onClose, children, testId }: DialogProps) {
  const { say } = useSpeech();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    ref.current?.showModal();
    return () => {
      // Once the dialog is gone: while it is open nothing beside it can have the focus.
      queueMicrotask(() => giveFocusBack(opener));
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={say('close')} onClick={onClose}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M5 5l10 10M15 5L5 15" stroke="currentColor" stroke-width="1.8" />
            </svg>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** To where it was; to the card around it where that can no longer have it. */
function giveFocusBack(opener: Element | null): void {
  if (!(opener instanceof HTMLElement)) return;
  opener.focus();
  if (document.activeElement !== opener) opener.closest('article')?.focus();
}
