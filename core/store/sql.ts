import { createRequire } from 'node:module';
import type { RawBuilder, Sql } from 'kysely';

const load = createRequire(__filename);
let loaded: Sql | undefined;

function kyselySql(): Sql {
  loaded ??= (load('kysely') as { sql: Sql }).sql;
  return loaded;
}

/**
 * Kysely's `sql`, loaded when it is first used. Every thread that declares units of work loads the statements, but
 * with the embedded store only the store's own thread ever runs one: n8n's thread is spared Kysely's 20 MB.
 */
export const sql: Sql = new Proxy(function sql() {} as unknown as Sql, {
  apply: (_target, _self, args: Parameters<Sql>) => kyselySql()(...args),
  get: (_target, key) => Reflect.get(kyselySql(), key) as unknown,
});

/** `sql.lit(value)` for a constant of a module: made when a statement first uses it. */
export function literal<V extends string | number>(value: V): RawBuilder<V> {
  let made: RawBuilder<V> | undefined;
  const literal = () => (made ??= kyselySql().lit(value));
  return new Proxy({} as RawBuilder<V>, {
    get: (_target, key) => {
      const part: unknown = Reflect.get(literal(), key);
      return typeof part === 'function' ? (part.bind(literal()) as unknown) : part;
    },
    // Kysely tells an expression from a value to bind by `'expressionType' in it`.
    has: (_target, key) => Reflect.has(literal(), key),
  });
}
