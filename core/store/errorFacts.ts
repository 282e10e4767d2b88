/** What an error of a driver or of Node tells, read without trusting its class (it may come from another realm). */
export interface ErrorFacts {
  message: string;
  /** Node's or PostgreSQL's code: `ECONNREFUSED`, `57P01`, … */
  code: string;
  /** SQLite's extended result code, 0 where there is none. */
  sqliteCode: number;
}

export function errorFacts(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) {
    return { message: String(error), code: '', sqliteCode: 0 };
  }
  const { message, code, errcode } = error as Record<string, unknown>;
  const text = typeof code === 'string' ? code : '';
  return {
    // An AggregateError of several addresses that were tried has a code and no message.
    message: typeof message === 'string' && message ? message : text || 'unknown error',
    code: text,
    sqliteCode: typeof errcode === 'number' ? errcode : 0,
  };
}
