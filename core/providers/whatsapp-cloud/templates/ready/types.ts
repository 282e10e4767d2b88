import type { MessageTemplate } from '../definition';
import type { CreatedTemplate, NewTemplate } from '../manage';
import type { TemplatePart } from './compare';
import type { ReadyLanguage, ReadyName } from './definitions';

/** Where templates are kept: at Meta, or at a hub in front of it. */
export interface TemplateShelf {
  /** Read anew. @throws SendError */
  list(): Promise<MessageTemplate[]>;
  /** @throws SendError */
  create(template: NewTemplate): Promise<CreatedTemplate>;
  /** The handle of an example document, which Meta wants to see. @throws with what to do when there is none */
  exampleDocument(): Promise<string>;
}

export interface ReadyRequest {
  names: readonly ReadyName[];
  languages: readonly ReadyLanguage[];
  businessName: string;
  /** So long the review is waited for; 0 = not at all. */
  followMs: number;
  /** Ends the waiting early. */
  signal?: AbortSignal | undefined;
}

/** What became of one template in one language. */
export interface ReadyOutcome {
  name: ReadyName;
  language: ReadyLanguage;
  /** `created` now; `existing`: it was there and was left as it is; `failed`: it is not there. */
  outcome: 'created' | 'existing' | 'failed';
  id: string | null;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, …; null: it is not there. */
  status: string | null;
  /** May be another than was asked for. */
  category: string | null;
  rejectedReason: string | null;
  /** In what an existing one differs from ours. */
  differences: TemplatePart[];
  /** Whether another run may do what this one could not. */
  retryable: boolean;
  /** One sentence: how it stands, and what to do next. */
  detail: string;
}
