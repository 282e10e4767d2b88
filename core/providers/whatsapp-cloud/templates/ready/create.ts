import { setTimeout as pause } from 'node:timers/promises';
import {
  InvalidInputError,
  RateLimitedError,
  SendError,
  TokenExpiredError,
} from '../../../../model';
import type { MessageTemplate } from '../definition';
import { differencesFrom } from './compare';
import { READY_TEMPLATES, type ReadyLanguage, type ReadyName } from './definitions';
import { checkedBusinessName, readyDraft } from './draft';
import { followReview } from './follow';
import { sentenceFor, sentenceOf } from './say';
import type { ReadyOutcome, ReadyRequest, TemplateShelf } from './types';

/** A refusal for too many calls is waited for so long in all; longer ones are left to the next run. */
const LONGEST_PATIENCE_MS = 60_000;

interface Wanted {
  name: ReadyName;
  language: ReadyLanguage;
}

/**
 * Creates those of the ready-made templates that are not there yet, and waits for their review where that is asked for.
 * What is there stays as it is. One that fails does not keep the others from being created, so the same call can be made
 * again until everything is approved.
 * @returns one outcome for each name and language
 * @throws SendError, InvalidInputError where nothing could be read at all
 */
export async function createReadyTemplates(
  shelf: TemplateShelf,
  request: ReadyRequest,
): Promise<ReadyOutcome[]> {
  const wanted = wantedOf(request);
  const businessName = checkedBusinessName(request.businessName);
  const present = await shelf.list();
  const run = new Creation(shelf, businessName, request.signal);
  const outcomes: ReadyOutcome[] = [];
  for (const one of wanted) {
    const found = present.find((template) => isIt(template, one));
    outcomes.push(found ? outcomeOf(one, found, 'existing') : await run.create(one));
  }
  return await followReview(shelf, outcomes, request);
}

function wantedOf({ names, languages }: ReadyRequest): Wanted[] {
  if (names.length === 0) throw nothing('Templates');
  if (languages.length === 0) throw nothing('Languages');
  return names.flatMap((name) => languages.map((language) => ({ name, language })));
}

function nothing(field: string): InvalidInputError {
  return new InvalidInputError(field, `"${field}" is empty.`, { hint: 'Choose at least one.' });
}

export function isIt(template: Pick<MessageTemplate, 'name' | 'language'>, one: Wanted): boolean {
  return template.name === one.name && template.language === one.language;
}

export function outcomeOf(
  one: Wanted,
  template: MessageTemplate,
  outcome: 'created' | 'existing',
): ReadyOutcome {
  const { id, status, category, rejectedReason } = template;
  const facts = {
    name: one.name,
    language: one.language,
    outcome,
    id,
    status,
    category,
    rejectedReason,
    differences: differencesFrom(template, one),
    retryable: false,
  };
  return { ...facts, detail: sentenceFor(facts) };
}

class Creation {
  readonly #shelf: TemplateShelf;
  readonly #businessName: string;
  readonly #signal: AbortSignal | undefined;
  #patienceMs = LONGEST_PATIENCE_MS;
  /** What ended the creating of everything that is left: a limit, a token that is refused. */
  #stopped: SendError | undefined;
  #handle: Promise<string> | undefined;

  constructor(shelf: TemplateShelf, businessName: string, signal: AbortSignal | undefined) {
    this.#shelf = shelf;
    this.#businessName = businessName;
    this.#signal = signal;
  }

  async create(one: Wanted): Promise<ReadyOutcome> {
    if (this.#stopped) return failed(one, this.#stopped);
    try {
      const handle = READY_TEMPLATES[one.name].hasDocument ? await this.#document() : null;
      return await this.#handIn(one, handle);
    } catch (error) {
      return failed(one, error);
    }
  }

  /** Uploaded once, for all languages. */
  async #document(): Promise<string> {
    this.#handle ??= this.#shelf.exampleDocument();
    return await this.#handle;
  }

  async #handIn(one: Wanted, handle: string | null): Promise<ReadyOutcome> {
    const draft = readyDraft(one, { businessName: this.#businessName, handle });
    for (;;) {
      try {
        const created = await this.#shelf.create(draft);
        const facts = {
          ...one,
          outcome: 'created' as const,
          ...created,
          rejectedReason: null,
          differences: [],
          retryable: false,
        };
        return { ...facts, detail: sentenceFor(facts) };
      } catch (error) {
        if (await this.#waitedFor(error)) continue;
        // An answer that was lost, or somebody who was faster: what is there counts.
        const found = await this.#find(one);
        if (found) return outcomeOf(one, found, isUnclear(error) ? 'created' : 'existing');
        throw error;
      }
    }
  }

  /** A short pause is waited out; a long one, like a token that is refused, ends the run for all that is left. */
  async #waitedFor(error: unknown): Promise<boolean> {
    if (error instanceof TokenExpiredError) this.#stopped = error;
    if (!(error instanceof RateLimitedError)) return false;
    if (error.retryAfterMs > this.#patienceMs || this.#signal?.aborted) {
      this.#stopped = error;
      return false;
    }
    this.#patienceMs -= Math.max(error.retryAfterMs, 1_000);
    await quietly(pause(error.retryAfterMs, undefined, { signal: this.#signal }));
    return true;
  }

  async #find(one: Wanted): Promise<MessageTemplate | undefined> {
    if (this.#stopped) return undefined;
    const templates = await this.#shelf.list().catch(() => []);
    return templates.find((template) => isIt(template, one));
  }
}

function isUnclear(error: unknown): boolean {
  return error instanceof SendError && error.retryable;
}

function failed(one: Wanted, error: unknown): ReadyOutcome {
  return {
    ...one,
    outcome: 'failed',
    id: null,
    status: null,
    category: null,
    rejectedReason: null,
    differences: [],
    retryable: error instanceof SendError && error.retryable,
    detail: `Not created. ${sentenceOf(error)}`,
  };
}

/** A pause that was ended early is no fault. */
export async function quietly(waiting: Promise<unknown>): Promise<void> {
  await waiting.catch(() => undefined);
}
