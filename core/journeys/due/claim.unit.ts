import { withEntity } from '../../model';
import type { TenantSettings } from '../../tenants';
import {
  findClaimedKeys,
  insertJourneyClaims,
  lockJourneyTrigger,
  nextLeaseEnd,
  saveJourneyTrigger,
  selectLostClaims,
  updateJourneyClaim,
} from '../../store/statements/journeys';
import { listFormerIds } from '../../store/statements/journeyFacts';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { candidatesBetween, type Candidate } from './candidates';
import { showJourney } from './item';
import { showAgain } from './again';
import { withContact } from './meet';
import { ended, park } from './park';
import { journeyOf } from './key';
import type { JourneyItem, JourneyWatch } from './types';
import { standingOf, type Reckoning } from './when';

/** How far ahead is looked for the moment at which to look again. */
const AHEAD_MS = 60_000;

/** Begins to wait, or goes on. What was due before it first did is not taken. */
export const openJourneyTrigger = tenantUnit(
  __filename,
  'openJourneyTrigger',
  async (tx, args: { triggerId: string; name: string; watch: JourneyWatch }): Promise<void> => {
    await saveJourneyTrigger(tx, {
      id: args.triggerId,
      name: args.name,
      journey: journeyOf(args.watch),
    });
  },
);

export interface ClaimJourneysArgs {
  triggerId: string;
  name: string;
  watch: JourneyWatch;
  settings: Pick<TenantSettings, 'quietHours' | 'timeZone' | 'custom'>;
  owner: string;
  leaseMs: number;
  maxAttempts: number;
  limit: number;
  /** What this process still runs, also if its lease has run out meanwhile. */
  inFlight: string[];
}

export interface ClaimedJourney {
  key: string;
  attempt: number;
  item: JourneyItem;
}

export interface ClaimedJourneys {
  /** Its row is gone: it has to be opened again. */
  gone: boolean;
  journeys: ClaimedJourney[];
  parked: number;
  skipped: number;
  /** There may be more to claim at once. */
  more: boolean;
  /** In how many milliseconds something is due, or another owner's lease ends; null = not soon. */
  nextInMs: number | null;
}

/**
 * Claims what is due, in one unit under the lock of the trigger's row: first what an owner left behind, looked at once
 * more, then what has become due. The claim is written before anything is emitted.
 */
export const claimJourneys = tenantUnit(
  __filename,
  'claimJourneys',
  async (tx, args: ClaimJourneysArgs): Promise<ClaimedJourneys> => {
    const trigger = await lockJourneyTrigger(tx, args.triggerId);
    const found: ClaimedJourneys = {
      gone: !trigger,
      journeys: [],
      parked: 0,
      skipped: 0,
      more: false,
      nextInMs: null,
    };
    if (!trigger) return found;
    const databaseNow = await tx.databaseNow();
    const leaseUntil = databaseNow + args.leaseMs;
    const reckoning = { watch: args.watch, settings: args.settings, since: trigger.since };
    await takeOver(tx, args, found, { databaseNow, leaseUntil });
    await takeNew(tx, args, reckoning, found, leaseUntil);
    const leaseEnd = await nextLeaseEnd(tx, args);
    if (leaseEnd !== null) sooner(found, Math.max(leaseEnd - databaseNow, 0));
    return found;
  },
);

function sooner(found: ClaimedJourneys, inMs: number): void {
  found.nextInMs = Math.min(found.nextInMs ?? Infinity, inMs);
}

async function takeOver(
  tx: TenantTx,
  args: ClaimJourneysArgs,
  found: ClaimedJourneys,
  { databaseNow, leaseUntil }: { databaseNow: number; leaseUntil: number },
): Promise<void> {
  const { triggerId, inFlight, limit, maxAttempts } = args;
  const rows = await selectLostClaims(tx, {
    triggerId,
    databaseNow,
    limit: limit + inFlight.length,
  }).execute();
  const lost = rows.filter((row) => !inFlight.includes(row.journey_key));
  for (const row of lost.slice(0, limit)) {
    const key = row.journey_key;
    if (row.attempt >= maxAttempts) {
      await park(tx, args, row, 'It was started three times, and no run came to an end.');
      found.parked += 1;
      continue;
    }
    const again = await showAgain(tx, args.watch, row);
    if ('skipped' in again) {
      await updateJourneyClaim(tx, triggerId, key, ended('skipped', again.skipped));
      found.skipped += 1;
      continue;
    }
    const attempt = row.attempt + 1;
    const change = { attempt, owner: args.owner, lease_until: leaseUntil };
    await updateJourneyClaim(tx, triggerId, key, change);
    found.journeys.push({ key, attempt, item: again.item });
  }
  found.more = lost.length > limit;
}

async function takeNew(
  tx: TenantTx,
  args: ClaimJourneysArgs,
  reckoning: Reckoning,
  found: ClaimedJourneys,
  leaseUntil: number,
): Promise<void> {
  const { watch, triggerId, owner } = args;
  const from = Math.max(tx.now - watch.catchUpMs, reckoning.since);
  for await (const page of candidatesBetween(tx, reckoning, from, tx.now + AHEAD_MS)) {
    const due = page.filter((one) => isDue(one, tx.now, watch, found));
    const claimed = await claimedAmong(tx, triggerId, due);
    for (const candidate of due.toSorted((a, b) => a.dueAt - b.dueAt)) {
      const { key, dueAt } = candidate;
      if (claimed.has(key)) continue;
      // Two conversations of one person are one lead.
      claimed.add(key);
      if (found.journeys.length >= args.limit) {
        found.more = true;
        return;
      }
      const shown = await showJourney(tx, watch.kind, await withContact(tx, candidate));
      const row = { trigger_id: triggerId, journey_key: key, due_at: dueAt, attempt: 1 };
      if ('item' in shown) {
        const held = { state: 'claimed', owner, lease_until: leaseUntil, reason: null };
        await insertJourneyClaims(tx, [{ ...row, ...held }]);
        found.journeys.push({ key, attempt: 1, item: shown.item });
      } else {
        await insertJourneyClaims(tx, [{ ...row, ...ended('skipped', shown.skipped) }]);
        found.skipped += 1;
      }
    }
  }
}

/**
 * The keys of those that the trigger has in its hands or behind it; of a person also under the ids of contacts who were
 * made one with them: nobody is congratulated twice.
 */
async function claimedAmong(
  tx: TenantTx,
  triggerId: string,
  candidates: readonly Candidate[],
): Promise<Set<string>> {
  const people = candidates.flatMap((one) => personOf(one) ?? []);
  const former = await listFormerIds(tx, [...new Set(people)]);
  const names = candidates.flatMap((candidate) => {
    const { key } = candidate;
    const person = personOf(candidate);
    const others = former.filter(({ living }) => living === person);
    return [key, ...others.map(({ id }) => withEntity(key, person ?? '', id))].map((name) => ({
      key,
      name,
    }));
  });
  const claimed = await findClaimedKeys(
    tx,
    triggerId,
    names.map(({ name }) => name),
  );
  return new Set(names.flatMap(({ key, name }) => (claimed.has(name) ? key : [])));
}

/** Whose birthday or silence it is; an appointment's key names nobody. */
function personOf({ subject }: Candidate): string | undefined {
  if (subject.kind === 'birthday') return subject.row.id;
  return subject.kind === 'lead' ? subject.row.contact_id : undefined;
}

function isDue(
  candidate: Candidate,
  now: number,
  watch: JourneyWatch,
  found: ClaimedJourneys,
): boolean {
  const standing = standingOf(candidate, now, watch.catchUpMs);
  if (standing === 'later') sooner(found, candidate.dueAt - now);
  return standing === 'due';
}
