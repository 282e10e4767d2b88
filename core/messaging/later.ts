import { SendError, type Channel, type OutboundContent, type ProviderId } from '../model';
import { partsOf } from '../providers/content';
import type { MessagingContext } from './context';
import { KEPT_FOR_MS, placeFiles } from './files';
import { onChannel, type SendMessageInput } from './outbound';
import { findTarget } from './target';
import type { SendTarget } from './target.unit';

/** A message whose content can be kept as data: its files are with the provider. */
export interface KeptContent {
  content: OutboundContent;
  whenWindowClosed: OutboundContent | undefined;
}

export interface KeptMessage {
  target: SendTarget;
  /** A SendError: the channel would not take it as it is. */
  kept: KeptContent | SendError;
}

type LaterMessage = Omit<SendMessageInput, 'idempotencyKey'>;

/**
 * Finds whom a message that goes later is for, says now what the channel would refuse then, and uploads its files.
 * Nothing is reserved and nothing sent.
 * @throws InvalidInputError, NotFoundError for the target; StoreError
 */
export async function keepForLater(
  ctx: MessagingContext,
  input: LaterMessage,
): Promise<KeptMessage> {
  const target = await findTarget(ctx, input);
  try {
    return { target, kept: await keepContent(ctx, onChannel(input, target), target) };
  } catch (error) {
    if (error instanceof SendError) return { target, kept: error };
    throw error;
  }
}

/** @throws SendError; StoreError */
async function keepContent(
  ctx: MessagingContext,
  { content: asked, whenWindowClosed, split, settings }: LaterMessage,
  { account, person }: SendTarget,
): Promise<KeptContent> {
  const channel = account.channel as Channel;
  const provider = ctx.providers.get(account.provider as ProviderId);
  const abilities = provider?.abilities(channel);
  if (!provider || !abilities) {
    throw new SendError(
      'not_permitted_on_channel',
      `Nothing can be sent on ${channel} through ${account.provider}.`,
      false,
      { hint: 'Choose another account.' },
    );
  }
  const keptFor = { owner: person.contact.id, forMs: KEPT_FOR_MS.later };
  const { content } = await placeFiles(ctx, account, asked, keptFor);
  const parts = split === false ? [content] : partsOf(content, abilities);
  for (const part of parts) provider.checkContent(channel, part, settings);
  const instead = whenWindowClosed && (await placeFiles(ctx, account, whenWindowClosed, keptFor));
  return { content, whenWindowClosed: instead?.content };
}
