import { JOURNEY_KINDS, type JourneyKind, type JourneyWatch } from './types';

/** A journey key taken apart: `kind:entity:version`. */
export interface JourneyKey {
  kind: JourneyKind;
  /** Of an appointment or of a contact. */
  entity: string;
  /** What of the entity it is about: another version is another key. */
  version: string;
}

/** What a watch waits for, as its keys begin: two reminders of one appointment are two journeys. */
export function journeyOf({ kind, offsetMinutes }: JourneyWatch): string {
  if (kind === 'birthday' || kind === 'appointmentCreated') return kind;
  return `${kind}-${offsetMinutes % 60 === 0 ? `${offsetMinutes / 60}h` : `${offsetMinutes}m`}`;
}

export function keyOf(watch: JourneyWatch, entity: string, version: string): string {
  return `${journeyOf(watch)}:${entity}:${version}`;
}

/** @returns null for what is no journey key */
export function parseJourneyKey(key: string): JourneyKey | null {
  const [, name, entity, version] = /^([A-Za-z]+)(?:-\d+[hm])?:([^:]+):(.+)$/.exec(key) ?? [];
  const kind = JOURNEY_KINDS.find((one) => one === name);
  return kind && entity !== undefined && version !== undefined ? { kind, entity, version } : null;
}

/** An instant as versions have it: `2026-11-25T15:00Z`, with seconds only where there are any. */
export function versionAt(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}
