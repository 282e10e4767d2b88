import {
  InvalidInputError,
  SendError,
  ulids,
  type Channel,
  type ContentWithFiles,
  type OutboundContent,
  type ProviderId,
  type SendCategory,
  type SendResult,
  type SendSettings,
} from '../model';
import { partsOf } from '../providers/content';
import type { Provider } from '../providers/provider';
import type { ReservedSend } from './attempt';
import { capOf, heldByCap } from './caps';
import { chooseContent, insteadOf, type ChosenContent } from './closedWindow';
import type { MessagingContext } from './context';
import { KEPT_FOR_MS, forgetUploads, hasFiles, placeFiles, type PlacedContent } from './files';
import { sendParts } from './parts';
import { categoryToNote, templateCategoryOf } from './policyRules';
import { sealRequest } from './request';
import { waitForRoom, type LimitWait, type Room } from './room';
import { sendStoreOf } from './sendStore';
import { alreadySent, alreadySentAs, changedMeanwhile, notUploaded, underWay } from './notSent';
import { findTarget } from './target';
import type { SendTarget, TargetQuery } from './target.unit';
import { withCategory } from './templateCategory';

/** By channel: its own form of a message, without files. */
export type PerChannel = Partial<
  Record<Channel, { content: OutboundContent; whenWindowClosed?: OutboundContent | undefined }>
>;

export interface SendMessageInput extends TargetQuery {
  tenantId: string;
  /** Files in it are uploaded before anything is reserved. */
  content: ContentWithFiles;
  /**
   * What goes in its place while the channel's window is closed: an approved template. Where the channel knows no such
   * thing it is left alone. The result says that it went (`fallback`).
   */
  whenWindowClosed?: ContentWithFiles | undefined;
  /** What goes on some channels in place of both of these. */
  perChannel?: PerChannel | undefined;
  settings?: SendSettings;
  /**
   * What the message is. Absent: whoever sends it answers for that, and neither quiet hours nor caps nor the opt-in of
   * the person are asked about; safe mode and opt-outs hold all the same.
   */
  category?: SendCategory | undefined;
  /** Of the categories utility and marketing: it goes although a person has taken the conversation over. */
  evenIfHandedOver?: boolean | undefined;
  /**
   * A text too long for one message of the channel, or beside a file where the channel shows none, goes in several;
   * false: it is refused. Default true.
   */
  split?: boolean;
  /** Wait for room where the account's limits are reached. Absent: it fails at once, and says when there is room. */
  limitWait?: LimitWait | undefined;
  /**
   * Who sends, where one message is everybody's business (a due moment that several workflows hear of): the key again from
   * another sender is refused (`already_sent`) instead of having the first result.
   */
  sender?: string | undefined;
  /** At most 500 characters; the same key again gives the first result. */
  idempotencyKey: string;
}

const MAX_KEY_LENGTH = 500;
/** Between a key and the number of a part: no key of a caller holds it. */
const PART_MARK = '\u001f';

/**
 * Sends one message, at most once per idempotency key, however often and from however many processes it is called.
 *
 * - `sent`: the provider accepted it. The same key again gives this result with `duplicate: true`.
 * - `skipped`: policy did not let it go (`reason`), before any call to the provider.
 * - `failed`: surely nothing was sent. Like `skipped` it gives the key back: a deliberate retry may use it again. One
 *   reason is the account's own limits (`rate_limited`): then the provider was not called.
 * - `unknown`: nobody can know yet (connection cut after the request left, or another call with this key is under
 *   way). The key stays reserved; the runtime settles it (settle.ts). Never re-sent blindly.
 *
 * A message in several parts has a key for each: a retry after some of them went sends the rest alone.
 *
 * @throws InvalidInputError, NotFoundError for the target; StoreError while nothing was sent yet
 */
export async function sendMessage(
  ctx: MessagingContext,
  input: SendMessageInput,
): Promise<SendResult> {
  requireKey(input.idempotencyKey);
  const room = input.limitWait && (await roomFor(ctx, input, input.limitWait));
  try {
    // Looked up anew: much may have happened while it waited.
    return await sendInto(ctx, { ...input, room });
  } finally {
    await room?.leave();
  }
}

type InputWithRoom = SendMessageInput & { room: Room | undefined };

async function sendInto(ctx: MessagingContext, asked: InputWithRoom): Promise<SendResult> {
  const target = await findTarget(ctx, asked);
  const input = onChannel(asked, target);
  const abilities = providerOf(ctx, target)?.abilities(target.account.channel as Channel);
  const chosen = chooseContent(ctx, target, input, abilities);
  const result = await sendChosen(ctx, { ...input, ...chosen }, target);
  const { whenWindowClosed } = input;
  if (chosen.fallback || !whenWindowClosed || !wasClosedAfterAll(result)) return result;
  if (!abilities?.windowFreeTypes?.includes(whenWindowClosed.type)) return result;
  // The provider counts the window otherwise than we do; surely nothing was sent, and the key is free again.
  return sendChosen(ctx, { ...input, ...insteadOf(whenWindowClosed) }, target);
}

/** The message in the form that it has on the channel of its target. */
export function onChannel<I extends Pick<SendMessageInput, 'perChannel'>>(
  input: I,
  { account }: Pick<SendTarget, 'account'>,
): I {
  const own = input.perChannel?.[account.channel as Channel];
  return own ? { ...input, whenWindowClosed: undefined, ...own } : input;
}

function wasClosedAfterAll({ status, reason, parts = [] }: SendResult): boolean {
  const isOut = parts.some((part) => part.status === 'sent');
  return status === 'failed' && reason === 'window_closed' && !isOut;
}

type ChosenInput = InputWithRoom & ChosenContent;

function sendChosen(
  ctx: MessagingContext,
  input: ChosenInput,
  target: SendTarget,
): Promise<SendResult> {
  if (hasFiles(input.content)) return sendFiles(ctx, input, target);
  // Checked a line above: there is no file in it.
  return sendContent(ctx, { ...input, content: input.content as OutboundContent }, target);
}

/** What the message will be as far as it is known before files are placed, waiting for as many tokens as it has parts. */
async function roomFor(
  ctx: MessagingContext,
  input: SendMessageInput,
  wait: LimitWait,
): Promise<Room | undefined> {
  const target = await findTarget(ctx, input);
  const provider = providerOf(ctx, target);
  const abilities = provider?.abilities(target.account.channel as Channel);
  if (!provider || !abilities) return undefined;
  const { tenantId, settings = {}, category, evenIfHandedOver, idempotencyKey: key } = input;
  const chosen = chooseContent(ctx, target, onChannel(input, target), abilities);
  // Files count for what they will be: nothing that is asked here looks into them.
  const asked = chosen.content as OutboundContent;
  const content = await withCategory(ctx, target.account, asked);
  const parts = input.split === false ? 1 : partsOf(content, abilities).length;
  const send = { tenantId, ...target, content, settings, category, evenIfHandedOver };
  return await waitForRoom(ctx, { send, key, parts, provider, abilities }, wait);
}

/** Where the provider no longer knows a file that an earlier message uploaded, it is uploaded anew, once. */
async function sendFiles(
  ctx: MessagingContext,
  input: ChosenInput,
  target: SendTarget,
): Promise<SendResult> {
  for (let attempt = 1; ; attempt += 1) {
    let placed: PlacedContent;
    try {
      placed = await placeFiles(ctx, target.account, input.content, {
        owner: target.person.contact.id,
        forMs: KEPT_FOR_MS.now,
      });
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      return notUploaded(target, error);
    }
    const { content, reused } = placed;
    const result = await sendContent(ctx, { ...input, content }, target);
    const isRefused = result.status === 'failed' && result.reason === 'invalid_content';
    if (!isRefused || reused.length === 0 || attempt > 1) return result;
    await forgetUploads(ctx, input.tenantId, reused);
  }
}

type PlacedInput = Omit<ChosenInput, 'content'> & { content: OutboundContent };

async function sendContent(
  ctx: MessagingContext,
  input: PlacedInput,
  target: SendTarget,
): Promise<SendResult> {
  const sendStore = sendStoreOf(ctx.store, input.tenantId);
  const content = await withCategory(ctx, target.account, input.content);
  const sends = reservedSends(ctx, { ...input, content }, target);
  const [first] = sends;
  const cap = await capOf(ctx, first);
  const reservation = await sendStore.reserve({
    accountId: target.account.id,
    contactId: target.person.contact.id,
    conversationId: target.person.conversation.id,
    owner: first.owner,
    sender: input.sender ?? null,
    cap,
    parts: sends.map((send) => reservationOf(ctx, target, send)),
  });
  if (reservation.kind === 'capped') return heldByCap(ctx, first, reservation);
  if (reservation.kind === 'changed') return changedMeanwhile(target, reservation);
  if (reservation.kind === 'twin') return alreadySentAs(target);
  if (reservation.kind === 'taken') return alreadySent(target);
  if (reservation.kind === 'open') return underWay(target, reservation.messageId);
  return sendParts(ctx, sends, reservation.parts);
}

function reservationOf(ctx: MessagingContext, target: SendTarget, send: ReservedSend) {
  const { key, messageId, content, settings, fallback, category, evenIfHandedOver } = send;
  const request = { content, settings, fallback, category, evenIfHandedOver };
  const recipientExternalId = target.person.externalId;
  return {
    key,
    messageId,
    request: sealRequest(ctx, messageId, { recipientExternalId, ...request }),
    contentHash: providerOf(ctx, target)?.contentFingerprint(content) ?? '',
    choices: content.type === 'text' && content.choices ? JSON.stringify(content.choices) : null,
    category: categoryToNote({ category, templateCategory: templateCategoryOf(content) }),
  };
}

/** The message in the parts that its channel takes, with a key for each. */
function reservedSends(
  ctx: MessagingContext,
  input: PlacedInput,
  target: SendTarget,
): [ReservedSend, ...ReservedSend[]] {
  const { tenantId, content, fallback, room, settings = {}, split = true } = input;
  const { idempotencyKey: key, category, evenIfHandedOver } = input;
  const abilities = providerOf(ctx, target)?.abilities(target.account.channel as Channel);
  const contents = split && abilities ? partsOf(content, abilities) : [content];
  const { replyTo: _, ...later } = settings;
  const messageIds = contents.map(() => ulids.next(ctx.clock.now()));
  const owner = `${ctx.processId}:${messageIds[0]}`;
  const leasedAt = performance.now();
  const [first, ...rest] = contents.map((part, index) => ({
    tenantId,
    key: index === 0 ? key : `${key}${PART_MARK}${index + 1}`,
    messageId: messageIds[index] ?? '',
    owner,
    ...target,
    content: part,
    settings: index === 0 ? settings : later,
    fallback,
    ...(index === 0 ? { category, evenIfHandedOver } : {}),
    alsoCheck: index === 0 ? contents.slice(1) : [],
    room,
    leasedAt,
  }));
  if (!first) throw new Error('A message has at least one part.');
  return [first, ...rest];
}

/** Without a provider the attempt fails before any call, and no twin is ever looked for. */
function providerOf(ctx: MessagingContext, { account }: SendTarget): Provider | undefined {
  return ctx.providers.get(account.provider as ProviderId);
}

function requireKey(key: string): void {
  const isPlain = !key.includes('\0') && !key.includes(PART_MARK);
  if (key.trim() !== '' && key.length <= MAX_KEY_LENGTH && isPlain) return;
  throw new InvalidInputError(
    'idempotencyKey',
    `The idempotency key must have 1 to ${MAX_KEY_LENGTH} characters.`,
    { hint: 'Leave the field empty to let the node make one.' },
  );
}
