type Present<T> = { [K in keyof T]?: Exclude<T[K], null> };

/** The same object without its nulls: optional keys are absent, not null. */
export function present<T extends Record<string, unknown>>(facts: T): Present<T> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null),
  ) as Present<T>;
}
