import type { Logger } from '../../core/model';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  meta: Record<string, unknown>;
}

export interface TestLogger extends Logger {
  readonly entries: LogEntry[];
}

/** Keeps what is logged, for tests to look at; prints nothing. */
export function createTestLogger(): TestLogger {
  const entries: LogEntry[] = [];
  const write =
    (level: LogEntry['level']) =>
    (message: string, meta: Record<string, unknown> = {}) => {
      entries.push({ level, message, meta });
    };
  return {
    entries,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
