import type { TypedChoice } from '../../model';
import { findLastOutbound } from '../../store/statements/marketing';
import { findMessagesByProviderIds } from '../../store/statements/messages';
import { findOpenChoices } from '../../store/statements/openChoices';
import { automationOf } from '../item';
import { readTyped } from '../numbered';
import { leadsSomewhere } from '../waits/answer';
import type { EventOf, Scope } from './scope';

/** No choice is longer, not even with its number. */
const LONGEST_TYPED = 200;
/** Clocks of providers and ours differ, and some know seconds alone. */
const CLOCK_TOLERANCE_MS = 5_000;
/** Whoever writes "sim" or "2" so long after our message has something else in mind, and nobody remembers its numbers. */
const ANSWER_MS = 7 * 24 * 3_600_000;

/**
 * The choice that somebody has typed on a channel that shows no buttons, in answer to our newest message of the
 * conversation or to the one that they quote: from here on it is as good as tapped. They may answer before the provider has
 * told us that our message has left; where nobody knows whether it has, what could be meant for two messages is
 * conversation. While a person or another app answers, a text is theirs. One that answers a question which nobody waits for
 * any more is conversation: unlike a tap it is never too late, since it may mean something else.
 */
export async function findTyped(
  scope: Scope,
  event: EventOf<'message'>,
): Promise<TypedChoice | null> {
  const { tx, prepared, person } = scope;
  const { type, text, buttonPayload, standby } = event;
  const conversation = person?.conversation;
  if (!prepared.typesChoices || !conversation || standby || buttonPayload !== null) return null;
  // Words below a picture are about the picture.
  if (type !== 'text' || text === null || text.length > LONGEST_TYPED) return null;
  if (automationOf(conversation, tx.now).paused) return null;
  const answered = readTyped(choicesIn(await findAnswered(scope, event, conversation.id)), text);
  const open = event.replyTo ? undefined : await findOpenChoices(tx, conversation.id);
  const early = open ? readTyped(JSON.parse(open.choices) as TypedChoice[], text) : null;
  const choice = early ?? answered;
  if (!choice) return null;
  if (open?.state === 'unknown' && answered && answered.payload !== choice.payload) return null;
  const { payload } = choice;
  return (await leadsSomewhere(tx, { payload, conversationId: conversation.id })) ? choice : null;
}

/** @returns what our message said, as it is kept; null when they answer none of ours, or so late that it is no answer */
async function findAnswered(
  { tx, account }: Scope,
  { replyTo, occurredAt }: EventOf<'message'>,
  conversationId: string,
): Promise<string | null> {
  const from = occurredAt - ANSWER_MS;
  if (!replyTo) {
    const to = occurredAt + CLOCK_TOLERANCE_MS;
    return (await findLastOutbound(tx, conversationId, { from, to }))?.raw ?? null;
  }
  const { providerId } = replyTo;
  if (!providerId) return null;
  const quoted = await findMessagesByProviderIds(tx, account.id, [providerId]);
  const ours = quoted.find(
    (message) =>
      message.direction === 'outbound' &&
      message.conversation_id === conversationId &&
      message.occurred_at >= from,
  );
  return ours?.raw ?? null;
}

/** Of a message of ours the whole content is kept. */
function choicesIn(raw: string | null): TypedChoice[] {
  const content = raw === null ? null : (JSON.parse(raw) as { choices?: unknown } | null);
  return Array.isArray(content?.choices) ? (content.choices as TypedChoice[]) : [];
}
