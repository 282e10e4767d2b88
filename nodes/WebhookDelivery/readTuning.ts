import { InvalidInputError } from '../../core/model/errors';
import { listOf } from '../shared/fieldValues';

/** The fields of `tuningFields` as the typed reader gives them; what was not added to the panel is absent. */
interface TuningFields {
  accounts?: string[];
  active?: boolean;
  channels?: string[];
  headers?: { header?: Array<{ name: string; value: string }> };
  maxConcurrent?: number;
  retryDelays?: string;
  retrySchedule?: 'default' | 'none' | 'standard';
  nonRetryableStatuses?: string;
  userAgent?: string;
}

/** What core takes; absent = default, or unchanged. */
export interface Tuning {
  accounts?: string[];
  active?: boolean;
  channels?: string[];
  headers?: Record<string, string>;
  maxConcurrent?: number;
  retrySchedule?: 'default' | 'none' | 'standard' | number[];
  nonRetryableStatuses?: number[];
  userAgent?: string;
}

/** @throws InvalidInputError naming the field */
export function readTuning(fields: TuningFields): Tuning {
  const { accounts, active, channels, headers, maxConcurrent, userAgent } = fields;
  const schedule = scheduleOf(fields);
  return {
    ...(accounts && { accounts }),
    ...(active !== undefined && { active }),
    ...(channels && { channels }),
    ...(headers && { headers: headersOf(headers.header ?? []) }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(schedule !== undefined && { retrySchedule: schedule }),
    ...(fields.nonRetryableStatuses !== undefined && {
      nonRetryableStatuses: numbersOf('Statuses Without Retry', fields.nonRetryableStatuses),
    }),
    ...(userAgent !== undefined && { userAgent: userAgent.trim() }),
  };
}

/** Names of the list and names of one's own, each once. */
export function eventNames(chosen: readonly string[], custom: string | undefined): string[] {
  return [...new Set([...chosen, ...listOf(custom)])];
}

function scheduleOf({ retryDelays, retrySchedule }: TuningFields): Tuning['retrySchedule'] {
  const delays = retryDelays === undefined ? [] : numbersOf('Retry Delays', retryDelays);
  return delays.length > 0 ? delays : retrySchedule;
}

function numbersOf(field: string, text: string): number[] {
  return listOf(text).map((part) => {
    const number = Number(part);
    if (Number.isFinite(number) && number >= 0) return number;
    throw new InvalidInputError(field, `"${part}" in "${field}" is not a number.`, {
      hint: 'Write numbers with commas between, for example 1, 5, 15.',
    });
  });
}

function headersOf(rows: Array<{ name: string; value: string }>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, value } of rows) {
    const given = name.trim();
    if (Object.keys(headers).some((other) => other.toLowerCase() === given.toLowerCase())) {
      throw new InvalidInputError('Headers', `The header "${given}" is there twice.`, {
        hint: 'Keep one of the two.',
      });
    }
    headers[given] = value;
  }
  return headers;
}
