import type { ComponentChildren } from 'preact';
import { useSpeech } from '../texts/index.ts';

interface FailureProps {
  code: string;
  details?: Record<string, unknown> | undefined;
  /** It is all there is to see: the heading of the page. */
  isPage?: boolean;
  /** The way on. */
  children?: ComponentChildren;
}

/** What went wrong, what to do next, and the way on. */
export function Failure({ code, details, isPage = false, children }: FailureProps) {
  const { failure } = useSpeech();
  const { what, next } = failure(code, details);
  return (
    <section
      class={isPage ? 'notice bad page-notice' : 'notice bad'}
      role="alert"
      data-testid="failure"
      data-code={code}
    >
      {isPage ? <h1>{what}</h1> : <p class="notice-title">{what}</p>}
      <p>{next}</p>
      {children !== undefined && <div class="actions">{children}</div>}
    </section>
  );
}
