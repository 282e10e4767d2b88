import type { Context } from '../context.ts';
import type { Refusal } from './model.ts';

/** The oldest refusal that waits for such a call, used up by one. */
export function takeRefusal(context: Context, route: Refusal['route']): Refusal | undefined {
  const { google } = context.store.state;
  const found = google.refusals.find((one) => one.route === route && one.times > 0);
  if (found === undefined) return undefined;
  found.times -= 1;
  google.refusals = google.refusals.filter((one) => one.times > 0);
  context.store.changed();
  return found;
}
