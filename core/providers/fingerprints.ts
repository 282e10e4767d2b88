/*
 * A fingerprint says which content a message has, as far as it survives the way to the provider and back.
 *
 *   `<hash>`           exact: equal content, equal fingerprint; another fingerprint is another content
 *   `<family>/<hash>`  the provider may show one member of the family in the form of another (a picture out of an
 *                      album as a picture): equal fingerprints are still equal content, unequal ones prove nothing
 *                      inside the family
 */

/** What a message that the provider shows says of its content. */
export interface Shown {
  /** null: the provider does not show the content, it may be any. */
  fingerprint: string | null;
  /** Further families whose members may be shown like this. */
  families?: readonly string[];
}

/** Whether a message that the provider shows could be the one that was sent. */
export function couldBe({ fingerprint, families = [] }: Shown, sent: string): boolean {
  if (fingerprint === null || fingerprint === sent) return true;
  const family = familyOf(sent);
  return family !== null && (family === familyOf(fingerprint) || families.includes(family));
}

function familyOf(fingerprint: string): string | null {
  const end = fingerprint.indexOf('/');
  return end === -1 ? null : fingerprint.slice(0, end);
}
