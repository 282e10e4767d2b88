import type { HubKind } from './notificaMeGrammar.ts';

/** How many events of each kind a body of the hub holds, read from the raw JSON alone: it knows nothing of the parser. */
export type HubCounts = Record<HubKind, number>;

export const noHubCounts = (): HubCounts => ({
  messages: 0,
  taps: 0,
  reactions: 0,
  echoes: 0,
  statuses: 0,
  clicks: 0,
  unknown: 0,
});

export function countHubBody(body: unknown): HubCounts {
  const counts = noHubCounts();
  for (const event of Array.isArray(body) ? body : [body]) counts[kindOf(event)] += 1;
  return counts;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- raw JSON
function kindOf(event: any): HubKind {
  const type = event.type ?? event.eventType;
  if (type === 'MESSAGE_STATUS') {
    return /^(clicked|deleted)$/i.test(event.messageStatus.code) ? 'clicks' : 'statuses';
  }
  if (type !== 'MESSAGE') return 'unknown';
  const message = typeof event.message === 'string' ? JSON.parse(event.message) : event.message;
  if (event.direction === 'OUT') return 'echoes';
  const contents =
    typeof message.contents === 'string' ? JSON.parse(message.contents) : message.contents;
  const text = JSON.stringify(contents);
  if (/"type":"reaction"/.test(text)) return 'reactions';
  return /"(payload|button_reply|list_reply)":/.test(text) ? 'taps' : 'messages';
}
