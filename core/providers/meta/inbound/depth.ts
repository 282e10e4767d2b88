/** Deeper than anything Meta sends, and far from where printing JSON or copying it to another thread ends in an error. */
const DEEPEST = 64;
const CUT = '…';

/**
 * The same value, with what is nested deeper than any real payload cut off: such a thing could be parsed but never be
 * stored, and a call that can never be stored would come again for a day and a half.
 */
export function withoutDepths(value: unknown): unknown {
  return isTooDeep(value) ? cut(value, DEEPEST) : value;
}

/** Without recursion: the very thing that is looked for would end it. */
function isTooDeep(value: unknown): boolean {
  const open: Array<[value: unknown, depth: number]> = [[value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [item, depth] = next;
    if (typeof item !== 'object' || item === null) continue;
    if (depth > DEEPEST) return true;
    for (const child of Object.values(item)) open.push([child, depth + 1]);
  }
  return false;
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth < 0) return CUT;
  if (Array.isArray(value)) return value.map((item) => cut(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, cut(item, depth - 1)]),
  );
}
