import type { TypedChoice } from '../../model';
import { findLastOutbound } from '../../store/statements/marketing';
import { automationOf } from '../item';
import { readTyped } from '../numbered';
import type { EventOf, Scope } from './scope';

/** No choice is longer, not even with its number. */
const LONGEST_TYPED = 200;
/** Clocks of providers and ours differ, and some know seconds alone. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * The choice that somebody has typed on a channel that shows no buttons, in answer to our newest message of the
 * conversation: from here on it is as good as tapped. While a person or another app answers, a text is theirs.
 */
export async function findTyped(
  { tx, prepared, person }: Scope,
  event: EventOf<'message'>,
): Promise<TypedChoice | null> {
  const { type, text, buttonPayload, standby, occurredAt } = event;
  const conversation = person?.conversation;
  if (!prepared.typesChoices || !conversation || standby || buttonPayload !== null) return null;
  // Words below a picture are about the picture.
  if (type !== 'text' || text === null || text.length > LONGEST_TYPED) return null;
  if (automationOf(conversation, tx.now).paused) return null;
  const to = occurredAt + CLOCK_TOLERANCE_MS;
  const last = await findLastOutbound(tx, conversation.id, { from: 0, to });
  return readTyped(choicesIn(last?.raw ?? null), text);
}

/** Of a message of ours the whole content is kept. */
function choicesIn(raw: string | null): TypedChoice[] {
  const content = raw === null ? null : (JSON.parse(raw) as { choices?: unknown } | null);
  return Array.isArray(content?.choices) ? (content.choices as TypedChoice[]) : [];
}
