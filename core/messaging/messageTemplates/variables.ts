/*
 * Variables of a text: `{name}`, or `{name|there}` with what stands there where nothing is given. Letters, digits, `_` and
 * `.`, beginning with a letter; other braces are braces, and `\{` always is one. One brace, because two are n8n's own.
 */

const VARIABLE = /\\([{}])|\{\s*([\p{L}_][\p{L}\p{N}_.]*)\s*(?:\|([^{}]*))?\}/gu;

/** The names in a text, each once, in the order in which they first come. */
export function variablesIn(text: string): string[] {
  const names = [...text.matchAll(VARIABLE)].flatMap(([, , name]) => name ?? []);
  return [...new Set(names)];
}

/** Those of them for which nothing stands in the text itself. */
export function requiredIn(text: string): string[] {
  const all = [...text.matchAll(VARIABLE)];
  const names = all.flatMap(([, , name, usual]) => (name && usual === undefined ? name : []));
  return [...new Set(names)];
}

/** The text with its variables filled, and the names of those that nothing was given for: they stay as they are. */
export function fillText(
  text: string,
  values: Readonly<Record<string, string>>,
): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const filled = text.replaceAll(
    VARIABLE,
    (whole: string, brace?: string, name?: string, usual?: string) => {
      if (brace !== undefined) return brace;
      const value = Object.hasOwn(values, name ?? '') ? (values[name ?? ''] ?? '').trim() : '';
      if (value !== '') return value;
      if (usual !== undefined) return usual;
      missing.add(name ?? '');
      return whole;
    },
  );
  return { text: filled, missing: [...missing] };
}
