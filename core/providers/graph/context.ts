/** What a call is about, for the sentences of its errors. */
export interface CallContext {
  /** What Meta refused, such as `the message of "Clínica Sol"`. */
  subject: string;
  /** `send`: the other side may have acted although the answer is missing. `other`: repeating harms nobody. */
  purpose: 'send' | 'other';
  /** Never shown: cut out of whatever Meta says. */
  secrets: readonly (string | undefined)[];
}
