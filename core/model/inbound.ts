import type { Channel, ProviderId } from './channels';
import type { AccountHealth } from './account';
import type { Attachment, MessagePrice, MessageType, Referral, ReplyTo } from './message';
import type { SendReason } from './reasons';

/** The person at the other end, as the provider names them. */
export interface InboundContact {
  externalId: string;
  /** Further ids of the same person at this account: whoever is known by one of them is this person. */
  aliases?: string[];
  name?: string;
  username?: string;
  phone?: string;
}

interface InboundBase {
  provider: ProviderId;
  channel: Channel;
  /** Which account this belongs to: `entry.id` of the webhook, or the number it names. */
  accountExternalId: string;
  /**
   * `accountExternalId` is the id of what the accounts hang under (`parentExternalId`): the account with this phone number
   * is meant, or all of them, or, as one of them has to stand for all, the oldest.
   */
  under?: { phone: string } | 'all' | 'oldest';
  /** Unique per account; the second event with the same key is dropped in the transaction that stores the first. */
  dedupeKey: string;
  /** Epoch ms, by the provider. */
  occurredAt: number;
  /** The provider's own object, untouched. */
  raw: unknown;
  /** Not brought by a webhook but fetched afterwards, perhaps long after it happened. */
  caughtUp?: true;
}

/** What one provider event says, in neutral form: the output of every webhook parser. */
export type InboundEvent = InboundBase &
  (
    | {
        kind: 'message';
        contact: InboundContact;
        /** Null where the provider gave none: a customer's words are kept all the same. */
        providerId: string | null;
        /** Where a hub stands between, its own id of the same message. */
        otherProviderId?: string;
        type: MessageType;
        text: string | null;
        attachments: Attachment[];
        buttonPayload: string | null;
        replyTo: ReplyTo | null;
        referral: Referral | null;
        /** Another app holds the conversation (Meta `standby`), or it is a group: automation must not answer. */
        standby: boolean;
        /** What only this kind of message has: the items of an order, the answers of a form, shared contacts. */
        details?: Record<string, unknown>;
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
        otherProviderId?: string;
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
    /** What became of one message of ours, where the provider tells it message by message. */
    | {
        kind: 'status';
        /** Null where the provider does not say: then it is whoever the message went to. */
        contact: InboundContact | null;
        providerId: string;
        otherProviderId?: string;
        status: 'sent' | 'delivered' | 'read' | 'failed';
        /** Our own message id, where the provider carried it. */
        marker: string | null;
        price: MessagePrice | null;
        failure: DeliveryFailure | null;
      }
    /** The person goes by another id from now on; the former ones are the contact's aliases. */
    | { kind: 'identity'; contact: InboundContact; what: 'phone' | 'userId' | 'device' }
    /** The person wants certain messages no more, or again. */
    | {
        kind: 'preference';
        contact: InboundContact;
        wants: 'stop' | 'resume';
        category: string;
        detail: string | null;
      }
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
    | {
        kind: 'feedback';
        contact: InboundContact;
        rating: number;
        /** The highest there is; absent: 5. */
        best?: number;
        comment: string | null;
      }
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
        category?: string | null;
      }
    | {
        kind: 'templateCategory';
        templateName: string;
        language: string;
        previousCategory: string | null;
        category: string;
        /** Epoch ms when it takes effect; null = it has. */
        effectiveAt: number | null;
      }
    /** How the provider thinks of the account has changed: quality, limits, names, reviews. */
    | {
        kind: 'quality';
        what: string;
        previous: string | null;
        current: string | null;
        /** For people. */
        detail: string | null;
        health: AccountHealth | null;
      }
    /** Understood as "ours" but of no known shape: kept raw, event `provider.unrecognised`. */
    | { kind: 'unrecognised'; what: string }
  );

/** Why a message that the provider had accepted did not arrive. */
export interface DeliveryFailure {
  reason: SendReason;
  /** For people: what happened and what to do next. */
  detail: string;
  retryable: boolean;
  /** Milliseconds until trying again makes sense, where the provider says so. */
  retryAfterMs?: number;
  /** The provider's own code. */
  code: number;
  /** The account itself does not work until somebody acts. */
  stopsAccount: boolean;
}

export type InboundKind = InboundEvent['kind'];
