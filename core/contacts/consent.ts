import { InvalidInputError, type Contact, type ConsentPurpose } from '../model';
import { writeConsent } from './consent.unit';
import type { ContactsContext } from './context';
import { readContactRef } from './ref';

export interface ConsentInput {
  tenantId: string;
  /** By id, phone or e-mail. */
  contact: string;
  purpose: ConsentPurpose;
  /** Where it was said: `form`, `reception`, `reply`, … */
  source: string;
  /** The words that the person agreed to, or said. */
  text?: string | undefined;
  /** When it was said, ISO 8601; absent: now. */
  at?: string | undefined;
}

/** The contact, and whether anything changed by it. */
export type ConsentResult = Contact & { change: 'updated' | 'unchanged' };

/** Notes that a person agrees. @throws InvalidInputError, NotFoundError */
export async function optIn(
  ctx: ContactsContext,
  input: ConsentInput,
  actor = 'workflow',
): Promise<ConsentResult> {
  return say(ctx, input, 'in', actor);
}

/** Notes that a person does not want it (any more). @throws InvalidInputError, NotFoundError */
export async function optOut(
  ctx: ContactsContext,
  input: ConsentInput,
  actor = 'workflow',
): Promise<ConsentResult> {
  return say(ctx, input, 'out', actor);
}

async function say(
  ctx: ContactsContext,
  input: ConsentInput,
  state: 'in' | 'out',
  actor: string,
): Promise<ConsentResult> {
  const ref = readContactRef(input.contact);
  const source = input.source.trim();
  if (source === '') {
    throw new InvalidInputError('Source', '"Source" is empty.', {
      hint: 'Say where it was said, such as form or reception: a consent without it proves nothing.',
    });
  }
  const word = {
    state,
    purpose: input.purpose,
    source,
    text: input.text?.trim() || null,
    at: readInstant(ctx, input.at),
    actor,
  };
  const tenant = ctx.store.forTenant(input.tenantId);
  const { contact, isNews } = await tenant.run(writeConsent, { ref, word });
  return { ...contact, change: isNews ? 'updated' : 'unchanged' };
}

/** How far the clocks of two machines may be apart. */
const SKEW_MS = 5 * 60_000;

function readInstant(ctx: ContactsContext, text: string | undefined): number | null {
  const given = text?.trim();
  if (!given) return null;
  const instant = Date.parse(given);
  if (Number.isNaN(instant)) {
    throw new InvalidInputError('Said At', `"${given}" in "Said At" is no date.`, {
      hint: 'Write it like 2026-11-22T13:30:00-03:00.',
    });
  }
  if (instant > ctx.clock.now() + SKEW_MS) {
    throw new InvalidInputError('Said At', `"Said At" is in the future: ${given}.`, {
      hint: 'Give the moment at which the person said it, or leave it empty for now.',
    });
  }
  return instant;
}
