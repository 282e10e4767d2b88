import type { JsonSchema } from './parts';

export type Part = 'connection' | 'contact' | 'conversation' | 'message';

/** What an event type says, beyond the shape all share. */
export interface EventShape {
  description: string;
  /** Parts that are never null in this type. */
  has: Part[];
  /** `data` of this type; absent: the type has none. */
  data?: JsonSchema;
  /** `data` may be left out. */
  dataIsOptional?: boolean;
}
