/** What can become due by itself. */
export const JOURNEY_KINDS = [
  'appointmentCreated',
  'appointmentUpcoming',
  'appointmentFinished',
  'birthday',
  'unansweredLead',
] as const;
export type JourneyKind = (typeof JOURNEY_KINDS)[number];

/** A journey key taken apart: `kind:entity:version`. */
export interface JourneyKey {
  kind: JourneyKind;
  /** How long before or after; 0 of kinds that have no such thing. */
  offsetMinutes: number;
  /** Of an appointment or of a contact. */
  entity: string;
  /** What of the entity it is about: another version is another key. */
  version: string;
}

/** Entities are named by our ids: what else looks like a journey key is somebody else's. */
const KEY = /^([A-Za-z]+)(?:-(\d+)([hm]))?:([0-9A-HJKMNP-TV-Z]{26}):(.+)$/;

/** @returns null for what is no journey key of ours */
export function parseJourneyKey(key: string): JourneyKey | null {
  const [, name, amount = '0', unit, entity, version] = KEY.exec(key) ?? [];
  const kind = JOURNEY_KINDS.find((one) => one === name);
  if (!kind || entity === undefined || version === undefined) return null;
  const offsetMinutes = Number(amount) * (unit === 'h' ? 60 : 1);
  return { kind, offsetMinutes, entity, version };
}

/** The same key for another entity: of a person who has become one with another. */
export function withEntity(key: string, from: string, to: string): string {
  return key.replace(`:${from}:`, () => `:${to}:`);
}

/** An instant as versions have it: `2026-11-25T15:00Z`, with seconds only where there are any. */
export function versionAt(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}

/** Whether a kind is about an appointment; the others are about a contact. */
export function isOfAppointment(kind: JourneyKind): boolean {
  return kind !== 'birthday' && kind !== 'unansweredLead';
}

/** Of the idempotency keys that do not name their node: a due moment is everybody's. */
const PREFIX = 'journey/';

/** The idempotency key of one of the messages of a due moment. */
export function journeySendKey(journeyKey: string, message: string): string {
  return `${PREFIX}${journeyKey}/${message}`;
}

export function isJourneySendKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** @returns null where an idempotency key is not that of a due moment, or its journey key is none of ours */
export function journeyOfSendKey(key: string): JourneyKey | null {
  if (!isJourneySendKey(key)) return null;
  const [journeyKey = ''] = key.slice(PREFIX.length).split('/');
  return parseJourneyKey(journeyKey);
}
