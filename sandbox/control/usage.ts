import { ControlError, isRecord } from '../http.ts';
import * as read from './read.ts';
import type { Context } from '../context.ts';
import type { Usage, UsageOverride } from '../model.ts';

const TYPES = ['pages', 'instagram', 'messenger', 'ads_management', 'whatsapp'];

/**
 * `PATCH /_sandbox/usage`: what the usage headers say from now on. `app` and `page` are percentages
 * (`{ call_count?, total_time?, total_cputime? }`), `businessUseCase` a list of them, each with `type`
 * and `estimated_time_to_regain_access` in minutes; null goes back to the sandbox's own count.
 */
export function changeUsage(context: Context, body: Record<string, unknown>): UsageOverride {
  read.onlyFields(body, ['app', 'page', 'businessUseCase']);
  const { usage } = context.store.state;
  for (const key of ['app', 'page'] as const) {
    if (body[key] === null) delete usage[key];
    else if (body[key] !== undefined) usage[key] = readUsage(read.optionalObject(body, key) ?? {});
  }
  if (body.businessUseCase === null) delete usage.businessUseCase;
  else if (body.businessUseCase !== undefined) {
    if (!Array.isArray(body.businessUseCase)) {
      throw new ControlError('Field businessUseCase must be a list.');
    }
    usage.businessUseCase = body.businessUseCase.map((item: unknown) => {
      if (!isRecord(item)) throw new ControlError('Each use case must be an object.');
      const { type, estimated_time_to_regain_access: _minutes, ...percentages } = item;
      if (typeof type !== 'string' || !TYPES.includes(type)) {
        throw new ControlError(`type must be one of ${TYPES.join(', ')}.`);
      }
      const minutes = read.optionalNumber(item, 'estimated_time_to_regain_access') ?? 0;
      return { type, ...readUsage(percentages), estimated_time_to_regain_access: minutes };
    });
  }
  context.store.changed();
  return usage;
}

function readUsage(given: Record<string, unknown>): Usage {
  read.onlyFields(given, ['call_count', 'total_time', 'total_cputime']);
  return {
    call_count: read.optionalNumber(given, 'call_count') ?? 0,
    total_time: read.optionalNumber(given, 'total_time') ?? 0,
    total_cputime: read.optionalNumber(given, 'total_cputime') ?? 0,
  };
}
