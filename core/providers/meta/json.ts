/** Reading JSON of unknown shape: every function gives a value of the wanted kind or null, and never throws. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text with something in it. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Ids are texts; old payloads send numbers. */
export function asId(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value).toString();
  return asText(value);
}

/** A finite number, or a text that holds one. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The object in a JSON text; null for anything else (an HTML error page, a cut answer, a list). */
export function parseObject(json: string): JsonObject | null {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return null;
  }
}
