import type { Channel, ProviderId } from './channels';
import type { Attachment, MessageType, Referral, ReplyTo } from './message';

/** The person at the other end, as the provider names them. */
export interface InboundContact {
  externalId: string;
  name?: string;
  username?: string;
  phone?: string;
}

interface InboundBase {
  provider: ProviderId;
  channel: Channel;
  /** `entry.id` of the webhook: which account this belongs to. */
  accountExternalId: string;
  /** Unique per account; the second event with the same key is dropped in the transaction that stores the first. */
  dedupeKey: string;
  /** Epoch ms, by the provider. */
  occurredAt: number;
  /** The provider's own object, untouched. */
  raw: unknown;
}

/** What one provider event says, in neutral form: the output of every webhook parser. */
export type InboundEvent = InboundBase &
  (
    | {
        kind: 'message';
        contact: InboundContact;
        /** Null where the provider gave none: a customer's words are kept all the same. */
        providerId: string | null;
        type: MessageType;
        text: string | null;
        attachments: Attachment[];
        buttonPayload: string | null;
        replyTo: ReplyTo | null;
        referral: Referral | null;
        /** Another app holds the conversation (Meta `standby`): automation must not answer. */
        standby: boolean;
      }
    | {
        kind: 'postback';
        contact: InboundContact;
        providerId: string | null;
        title: string | null;
        payload: string | null;
        referral: Referral | null;
      }
    | {
        kind: 'echo';
        contact: InboundContact;
        providerId: string;
        type: MessageType;
        text: string | null;
        attachments: Attachment[];
        /** Our own marker, returned by the provider where it does (Messenger `metadata`). */
        metadata: string | null;
        /** The app that sent it; null where the provider does not say (a person, or Instagram). */
        senderAppId: string | null;
      }
    | { kind: 'delivery'; contact: InboundContact; providerIds: string[]; watermark: number | null }
    | { kind: 'read'; contact: InboundContact; providerIds: string[]; watermark: number | null }
    | {
        kind: 'reaction';
        contact: InboundContact;
        targetProviderId: string;
        action: 'react' | 'unreact';
        reaction: string | null;
        emoji: string | null;
      }
    | { kind: 'edit'; contact: InboundContact; targetProviderId: string; text: string | null }
    | { kind: 'delete'; contact: InboundContact; targetProviderId: string }
    | { kind: 'referral'; contact: InboundContact; referral: Referral }
    | { kind: 'optin'; contact: InboundContact | null; payload: string | null; details: unknown }
    /** The person linked their login at the business's own site with the conversation, or took that back. */
    | {
        kind: 'accountLink';
        contact: InboundContact;
        status: 'linked' | 'unlinked';
        authorizationCode: string | null;
      }
    /** The person answered the provider's own rating form. */
    | { kind: 'feedback'; contact: InboundContact; rating: number; comment: string | null }
    | {
        kind: 'handover';
        contact: InboundContact | null;
        action: 'pass' | 'take' | 'request' | 'roles';
        newOwnerAppId: string | null;
        previousOwnerAppId: string | null;
        metadata: string | null;
      }
    | {
        kind: 'comment' | 'mention';
        contact: InboundContact | null;
        providerId: string | null;
        text: string | null;
        postId: string | null;
        parentId: string | null;
        verb: string | null;
        referral: Referral | null;
      }
    /** Known and no message: posts, likes, shares, what became of a comment, figures, forms. */
    | {
        kind: 'activity';
        /** Who did it, where the provider says so; the account itself included. */
        contact: InboundContact | null;
        /** The provider's name of the webhook field. */
        field: string;
        item: string | null;
        verb: string | null;
        providerId: string | null;
        postId: string | null;
        parentId: string | null;
        text: string | null;
        /** Done by the account itself. */
        isOwn: boolean;
      }
    | { kind: 'policy'; action: string; reason: string | null }
    | {
        kind: 'templateStatus';
        templateName: string;
        language: string;
        status: string;
        reason: string | null;
      }
    /** Understood as "ours" but of no known shape: kept raw, event `provider.unrecognised`. */
    | { kind: 'unrecognised'; what: string }
  );

export type InboundKind = InboundEvent['kind'];
