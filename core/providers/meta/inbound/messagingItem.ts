import type { JsonObject } from '../../graph/json';
import type { Scope } from './scope';

/** One item of `messaging[]` or `standby[]`, ready for its parser. */
export interface MessagingItem {
  scope: Scope;
  raw: JsonObject;
  /** The part that names the kind, such as the value of `message`. */
  part: JsonObject;
  /** The person: whichever side is not the account. Null where nobody is named. */
  personId: string | null;
  senderId: string | null;
  occurredAt: number;
  /** As `occurredAt`, for keys: the same however often Meta sends the item. */
  keyTime: number;
}
