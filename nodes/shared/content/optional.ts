/** Without the fields that hold nothing. */
export function optional<T extends Record<string, string>>(fields: T): Partial<T> {
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== '');
  return Object.fromEntries(filled) as Partial<T>;
}
