import type {
  ChannelAbilities,
  ContentWithFiles,
  OutboundContent,
  SendSettings,
  SentInstead,
} from '../model';
import type { MessagingContext } from './context';
import { automationOf } from './item';
import { textWithChoices } from './numbered';
import { permit, type Permission, type PolicyFacts } from './policy';
import type { SendTarget } from './target.unit';

type SendToPermit = Pick<SendTarget, 'person'> & { content: Pick<OutboundContent, 'type'> } & Pick<
    PolicyFacts,
    'settings' | 'category' | 'templateCategory' | 'evenIfHandedOver' | 'restraints' | 'tenant'
  >;

/** Whether a content may go to the person now. */
export function permitSend(
  { clock }: MessagingContext,
  { person, content, ...send }: SendToPermit,
  abilities: ChannelAbilities,
): Permission {
  const now = clock.now();
  const { contact, conversation } = person;
  const { settings, category, templateCategory, evenIfHandedOver, restraints, tenant } = send;
  return permit({
    abilities,
    contentType: content.type,
    windowClosesAt: conversation.window_closes_at,
    lastInboundAt: conversation.last_inbound_at,
    settings,
    category,
    templateCategory,
    evenIfHandedOver,
    restraints,
    tenant,
    contactZone: contact.time_zone,
    automation: automationOf(conversation, now),
    now,
  });
}

export function takesTemplates({ windowFreeTypes = [] }: ChannelAbilities): boolean {
  return windowFreeTypes.includes('template');
}

export interface ChosenContent {
  content: ContentWithFiles;
  /** Absent: it is the content that was asked for. */
  fallback?: SentInstead;
}

/** The content that was asked for, or the one for a closed window where that helps on this channel. */
export function chooseContent(
  ctx: MessagingContext,
  target: SendTarget,
  {
    content,
    whenWindowClosed,
    settings,
  }: {
    content: ContentWithFiles;
    whenWindowClosed?: ContentWithFiles | undefined;
    settings?: SendSettings | undefined;
  },
  abilities: ChannelAbilities | undefined,
): ChosenContent {
  if (!whenWindowClosed || !abilities?.windowFreeTypes?.includes(whenWindowClosed.type)) {
    return asChannelShows(content, abilities);
  }
  const { refusal } = permitSend(ctx, { ...target, content, settings }, abilities);
  return refusal?.reason === 'window_closed'
    ? insteadOf(whenWindowClosed)
    : asChannelShows(content, abilities);
}

/** Choices that the channel cannot show go in the text, each with its number. */
function asChannelShows(
  content: ContentWithFiles,
  abilities: ChannelAbilities | undefined,
): ChosenContent {
  const numbered = abilities && textWithChoices(content, abilities);
  if (!numbered) return { content };
  const fallback: SentInstead = { reason: 'not_permitted_on_channel', type: 'text' };
  return { content: numbered, fallback };
}

/** The content for a closed window, with what the result says of it. */
export function insteadOf(content: ContentWithFiles): ChosenContent {
  const fallback: SentInstead = {
    reason: 'window_closed',
    type: content.type,
    ...(content.type === 'template'
      ? { template: content.template.name, language: content.template.language }
      : {}),
  };
  return { content, fallback };
}
