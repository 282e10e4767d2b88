import { ControlError, isRecord } from '../http.ts';
import type { Context } from '../context.ts';
import type { HubFault, HubMessage, NotificaMeState } from './model.ts';
import { write } from './messages.ts';
import { postRaw, tellStatus } from './poster.ts';

/** Everything the hub remembers. */
export function readHub({ store }: Context): NotificaMeState {
  return store.state.notificaMe;
}

/** A person writes to a channel, or (`direction: "OUT"`) somebody answers in the hub's own inbox. */
export function writeOnHub(context: Context, body: Record<string, unknown>): unknown {
  const { channels, people } = context.store.state.notificaMe;
  const channel = channels[wordOf(body.channelId, '')];
  if (!channel) throw new ControlError('There is no such channel.', 404);
  const personId = wordOf(body.personId, '');
  people[personId] ??= {
    id: personId,
    channelId: channel.id,
    name: wordOf(body.name, personId),
    firstName: wordOf(body.name, personId),
  };
  const contents = Array.isArray(body.contents)
    ? (body.contents as HubMessage['contents'])
    : [{ type: 'text', text: wordOf(body.text, '') }];
  const direction = body.direction === 'OUT' ? 'OUT' : 'IN';
  return write(context, channel, { personId, direction, contents });
}

/** Says what became of a message: `{messageId, code, cause}`. */
export function statusOnHub(context: Context, body: Record<string, unknown>): unknown {
  const message = context.store.state.notificaMe.messages.find(({ id }) => id === body.messageId);
  if (!message) throw new ControlError('There is no such message.', 404);
  const cause = isRecord(body.cause) ? body.cause : null;
  return { posts: tellStatus(context, message, wordOf(body.code, 'DELIVERED'), cause) };
}

export function postOnHub(context: Context, body: Record<string, unknown>): unknown {
  return postRaw(context, wordOf(body.url, ''), wordOf(body.body, ''));
}

const KINDS: ReadonlyArray<HubFault['kind']> = [
  'error200',
  'text',
  'nothing',
  'limit',
  'busy',
  'cut',
  'cutAfter',
];

export function faultOnHub(context: Context, body: Record<string, unknown>): unknown {
  const kind = KINDS.find((one) => one === body.kind);
  if (!kind) throw new ControlError(`kind is one of: ${KINDS.join(', ')}.`);
  const fault: HubFault = {
    on: body.on === 'any' ? 'any' : 'send',
    kind,
    times: Number(body.times ?? 1),
  };
  context.store.state.notificaMe.faults.push(fault);
  return fault;
}

/** `settings`, and the status of channels by their ids. */
export function changeHub(context: Context, body: Record<string, unknown>): unknown {
  const { settings, channels } = context.store.state.notificaMe;
  if (isRecord(body.settings)) Object.assign(settings, body.settings);
  if (isRecord(body.channels)) {
    for (const [id, status] of Object.entries(body.channels)) {
      const channel = channels[id];
      if (channel) channel.status = status === 'disconnected' ? 'disconnected' : 'active';
    }
  }
  context.store.changed();
  return context.store.state.notificaMe;
}

function wordOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
