/** A credential's field without surrounding blanks (they come along when a token is pasted); empty = absent. */
export function fieldReader(fields: Record<string, unknown>): (name: string) => string | undefined {
  return (name) => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() ? value.trim() : undefined;
  };
}
