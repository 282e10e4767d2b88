import { journeyOfSendKey, isOfAppointment, withEntity, type JourneyKey } from '../../model';
import { findLivingIds, listFormerIds } from '../../store/statements/journeyFacts';
import { holdContacts } from '../../store/statements/marketing';
import { findSendKeys } from '../../store/statements/sendKeyBatches';
import type { TenantTx } from '../../store/unit';
import { changesOfJourneys, type JourneyChange } from './change';

/** Why a message of a due moment is not to go after all. */
export type Withdrawn =
  | ({ kind: 'changed' } & JourneyChange)
  /** The same person has had it while they were two contacts. */
  | { kind: 'twin' };

interface JourneySend {
  sendKey: string;
  key: JourneyKey;
}

/**
 * Looks once more at what the messages of due moments stand for, the moment they are reserved: whatever was so when they
 * were emitted, or scheduled, may have changed since. Keys of anything else cost nothing.
 * @param sends.keys idempotency keys that were reserved a moment ago in this unit
 * @param sends.people contacts whom the unit will hold later: held at once, so that no two callers wait in a circle
 * @returns by key: those that are not to go
 */
export async function findWithdrawn(
  tx: TenantTx,
  sends: { keys: readonly string[]; people: readonly string[] },
): Promise<Map<string, Withdrawn>> {
  const withdrawn = new Map<string, Withdrawn>();
  const journeys = sends.keys.flatMap((sendKey): JourneySend[] => {
    const key = journeyOfSendKey(sendKey);
    return key ? [{ sendKey, key }] : [];
  });
  const changes = await changesOfJourneys(
    tx,
    journeys.map(({ key }) => key),
  );
  const standing: JourneySend[] = [];
  for (const [index, send] of journeys.entries()) {
    const change = changes[index];
    if (change) withdrawn.set(send.sendKey, { kind: 'changed', ...change });
    else if (!isOfAppointment(send.key.kind)) standing.push(send);
  }
  for (const sendKey of await sentAsSomebodyElse(tx, standing, sends.people)) {
    withdrawn.set(sendKey, { kind: 'twin' });
  }
  return withdrawn;
}

/** Which of these a person has had, or gets just now, under the id of a contact who was made one with them. */
async function sentAsSomebodyElse(
  tx: TenantTx,
  sends: readonly JourneySend[],
  alsoHeld: readonly string[],
): Promise<Set<string>> {
  const twice = new Set<string>();
  if (sends.length === 0) return twice;
  const living = await findLivingIds(
    tx,
    sends.map(({ key }) => key.entity),
  );
  const people = [...new Set(living.values())];
  // Two sends to one person, under two ids: the second waits here until the first is reserved.
  await holdContacts(tx, [...new Set([...people, ...alsoHeld])]);
  const former = await listFormerIds(tx, people);
  if (former.length === 0) return twice;
  const twins = sends.flatMap(({ sendKey, key: { entity } }) => {
    const person = living.get(entity) ?? entity;
    const ids = [person, ...former.filter((one) => one.living === person).map(({ id }) => id)];
    return ids
      .filter((id) => id !== entity)
      .map((id) => ({ sendKey, twin: withEntity(sendKey, entity, id) }));
  });
  const rows = await findSendKeys(
    tx,
    twins.map(({ twin }) => twin),
  );
  const used = new Set(rows.map(({ key }) => key));
  // Of two that were reserved together the first goes.
  for (const { sendKey } of sends) used.delete(sendKey);
  for (const { sendKey } of sends) {
    if (twins.some((one) => one.sendKey === sendKey && used.has(one.twin))) twice.add(sendKey);
    else used.add(sendKey);
  }
  return twice;
}
