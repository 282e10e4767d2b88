import {
  InvalidInputError,
  ulids,
  type Channel,
  type ContentWithFiles,
  type ProviderId,
  type SendResult,
  type SendSettings,
} from '../../model';
import type { MessagingContext } from '../context';
import { sendMessage } from '../outbound';
import type { LimitWait } from '../room';
import { targetOf } from '../route/sendByRoute';
import { adopt, bestWay } from '../route/ways';
import { settingsOf, type TenantSettings } from '../../tenants';
import { findTarget } from '../target';
import type { TargetQuery } from '../target.unit';
import { dropWait, noteAsked, openWait } from './ask.unit';
import type { WaitAnswer } from './expectation';
import { formQuestion, payloadsOf, type Asked } from './question';
import { sealResume } from './seal';

export interface AskInput extends TargetQuery {
  tenantId: string;
  /** The person of the conversation is asked by whichever channel lets it through. */
  automatic?: boolean | undefined;
  question: Asked;
  /**
   * What asks in the question's place while the channel's window is closed: an approved template, with the payloads on
   * its quick replies, one for each answer that is offered.
   */
  whenWindowClosed?: ((payloads: string[]) => Promise<ContentWithFiles>) | undefined;
  /** Where n8n takes the answer: path and signed query of its resume address, of this node in this execution. */
  resume: { executionId: string; nodeId: string; path: string };
  /** When n8n goes on without an answer, epoch ms; null = never. */
  expiresAt: number | null;
  /** The answer starts no other workflow. */
  keepsAnswer: boolean;
  /** What a tap after the end is answered with; null = nothing, absent = a sentence in the tenant's language. */
  tooLateText?: string | null | undefined;
  settings?: SendSettings;
  limitWait?: LimitWait | undefined;
  idempotencyKey: string;
}

const TOO_LATE: Record<TenantSettings['language'], string> = {
  'pt-BR': 'Esta pergunta já foi encerrada. Se precisar de algo, é só escrever aqui.',
  en: 'This question is already closed. If you need anything, just write here.',
};

export type AskResult =
  /** Asked: the execution is to wait. */
  | { kind: 'waiting'; result: SendResult }
  /** A run that this one repeats has got the answer already. */
  | { kind: 'answered'; answer: WaitAnswer }
  /** A run that this one repeats waited until the end of its time. */
  | { kind: 'over' }
  /** The question was not sent, and nothing waits. */
  | { kind: 'notSent'; result: SendResult };

/**
 * Asks somebody, and writes down which execution waits for the answer: first of all, so that no answer can come to
 * nobody. The same key again asks nothing: the run waits in the place of the one that it repeats.
 * @throws InvalidInputError, NotFoundError for the target; StoreError while nothing was sent yet
 */
export async function askAndWait(ctx: MessagingContext, input: AskInput): Promise<AskResult> {
  const { tenantId, idempotencyKey: key, question: asked } = input;
  if (asked.text.trim() === '') {
    throw new InvalidInputError('Message', '"Message" is empty.', { hint: 'Write the question.' });
  }
  const whom = await whomToAsk(ctx, input);
  const { account, person } = await findTarget(ctx, { ...whom, tenantId });
  const abilities = ctx.providers
    .get(account.provider as ProviderId)
    ?.abilities(account.channel as Channel);
  const tenant = ctx.store.forTenant(tenantId);
  const id = ulids.next(ctx.clock.now());
  const { executionId, nodeId, path } = input.resume;
  const opened = await tenant.run(openWait, {
    id,
    key,
    account_id: account.id,
    contact_id: person.contact.id,
    conversation_id: person.conversation.id,
    execution_id: executionId,
    node_id: nodeId,
    ...sealResume(ctx.store, key, path),
    expects: JSON.stringify(formQuestion(id, asked, abilities).expects),
    keeps_answer: input.keepsAnswer ? 1 : 0,
    too_late_text: await tooLateText(ctx, input),
    expires_at: input.expiresAt,
  });
  if (opened.kind !== 'open') return opened;
  const { wait } = opened;
  const whenWindowClosed = await input
    .whenWindowClosed?.(payloadsOf(wait.id, asked))
    .catch(async (error: unknown) => {
      await tenant.run(dropWait, { id: wait.id });
      throw error;
    });
  const result = await sendMessage(ctx, {
    tenantId,
    conversationId: wait.conversation_id,
    content: formQuestion(wait.id, asked, abilities).content,
    whenWindowClosed,
    settings: input.settings ?? {},
    limitWait: input.limitWait,
    idempotencyKey: key,
  });
  const { status, messageId } = result;
  if (status === 'sent' || status === 'unknown') {
    await tenant.run(noteAsked, { id: wait.id, messageId, isUnknown: status === 'unknown' });
    return { kind: 'waiting', result };
  }
  await tenant.run(dropWait, { id: wait.id });
  return { kind: 'notSent', result };
}

/** The conversation itself, or the way that a message to this person would take now. */
async function whomToAsk(ctx: MessagingContext, input: AskInput): Promise<TargetQuery> {
  const { tenantId, conversationId, automatic, whenWindowClosed } = input;
  if (!automatic) return input;
  const way = await bestWay(ctx, { tenantId, conversationId }, whenWindowClosed && 'template');
  await adopt(ctx, way);
  return targetOf(way);
}

async function tooLateText(
  ctx: MessagingContext,
  { tenantId, tooLateText: given }: AskInput,
): Promise<string | null> {
  if (given !== undefined) return given;
  const { language } = await settingsOf(ctx, tenantId);
  return TOO_LATE[language];
}
