import type { Reply } from '../http.ts';
import type { Context } from '../context.ts';
import { failed } from './answers.ts';
import type { HubFault } from './model.ts';

/** The next fault that is meant for this call, used up by it. */
export function takeFault({ store }: Context, isSend: boolean): HubFault['kind'] | null {
  const { faults } = store.state.notificaMe;
  const index = faults.findIndex(({ on }) => on === 'any' || isSend);
  const fault = faults[index];
  if (!fault) return null;
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(index, 1);
  store.changed();
  return fault.kind;
}

/** Answers that were met in place of a proper one. */
export function withFault(kind: Exclude<HubFault['kind'], 'cutAfter'>): Reply {
  switch (kind) {
    case 'error200':
      return failed('Something went wrong with the channel');
    case 'text':
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: 'service is starting',
      };
    case 'nothing':
      return { status: 200 };
    case 'limit':
      return failed('channel limit exceeded');
    case 'busy':
      return { status: 429, body: { code: 'ERROR', message: 'Too many requests' } };
    case 'cut':
      return { status: 200, cut: true };
  }
}
