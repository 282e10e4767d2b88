import type { Ledger, Request } from './ledger';
import { HOUSE_ZONE } from './life';
import { excusesOf } from './excuses';
import { nameOfKey, occasionsOf, type Chance, type Occasion } from './occasions';
import { DAY, HOUR, isPermitted, MINUTE, wordsAt } from './reference';
import type { Simulated } from './simulate';
import { workflowOf } from './workflows';
import { wantsNone } from './people';

/** What a simulation is judged to have done. */
export interface Verdict {
  /** Sentences; empty where nothing is wrong. */
  faults: string[];
  /** What never came, and nobody says why. */
  unexplained: string[];
  /** What never came for a reason that the product told, and the oracle cannot find. */
  doubts: string[];
  /** By occasion: how many led to a message, and why the others did not. */
  tally: Record<string, number>;
}

/** In the tally: see Verdict.doubts. */
export const TOLD_ALONE = 'the product says why, and it alone';

const CATCH_UP = 6 * HOUR;

/** Judges by what the world outside knows alone: the ledger, and times that it reckons itself. */
export function judge({ ledger, span, claims }: Simulated): Verdict {
  const occasions = occasionsOf(ledger, span);
  const faults: string[] = [];
  const unexplained: string[] = [];
  const doubts: string[] = [];
  const tally: Record<string, number> = {};
  const byName = new Map<string, Occasion[]>();
  for (const occasion of occasions) {
    byName.set(occasion.name, [...(byName.get(occasion.name) ?? []), occasion]);
  }
  const arrived = ledger.requests.filter(isArrived);
  const deliveries = new Map<string, Request[]>();
  for (const request of arrived) {
    const name = nameOfKey(ledger, request.key);
    const occasion = byName
      .get(name ?? '')
      ?.find(({ workflow }) => workflow.id === request.workflow);
    if (!occasion) {
      faults.push(`${told(request)} came, and nobody knows of such an occasion`);
      continue;
    }
    faults.push(...faultsOfDelivery(ledger, request, occasion));
    const place = placeOf(occasion);
    deliveries.set(place, [...(deliveries.get(place) ?? []), request]);
  }
  for (const list of deliveries.values()) faults.push(...twice(ledger, list));
  faults.push(...cappedTwice(ledger, arrived));
  for (const occasion of occasions) {
    const reason = deliveries.has(placeOf(occasion))
      ? 'delivered'
      : whyNot(ledger, occasion, span.until);
    const isTold = reason === 'MISSING' && wasTold(ledger, occasion, claims);
    const counted = isTold ? TOLD_ALONE : reason;
    tally[counted] = (tally[counted] ?? 0) + 1;
    if (reason !== 'MISSING') continue;
    const missing = `${describe(ledger, occasion, claims)} never came`;
    (isTold ? doubts : unexplained).push(missing);
  }
  return { faults, unexplained, doubts, tally };
}

/** Whether the product itself has said why. */
function wasTold(
  ledger: Ledger,
  { workflow, name }: Occasion,
  claims: Simulated['claims'],
): boolean {
  const isIt = (one: { workflow: string; key: string }) =>
    one.workflow === workflow.id && nameOfKey(ledger, one.key) === name;
  const last = ledger.results.findLast(isIt)?.result;
  if (last && ['skipped', 'failed', 'unknown'].includes(last.status)) return true;
  return claims.some((claim) => isIt(claim) && ['skipped', 'parked'].includes(claim.state));
}

function isArrived({ outcome }: Request): boolean {
  return outcome === 'accepted' || outcome === 'acceptedUnheard';
}

/** Workflows with the same message of one occasion are one: only one of them sends it. */
function placeOf({ workflow, name }: Occasion): string {
  return `${workflow.message} ${name}`;
}

function faultsOfDelivery(ledger: Ledger, request: Request, occasion: Occasion): string[] {
  const { workflow, person, appointment, start } = occasion;
  const faults: string[] = [];
  const standing = occasion.chances.filter((chance) => held(ledger, request, chance));
  if (standing.length === 0) faults.push('came although it was off by then');
  else if (!standing.some(({ dueAt }) => request.at >= dueAt)) faults.push('came too early');
  else if (!standing.some(({ latest }) => request.at < latest + MINUTE)) {
    faults.push('came when it made no sense any more');
  }
  const rule = {
    zone: person.zone ?? HOUSE_ZONE,
    hours: workflow.category,
    holidays: new Set<string>(),
  };
  // What is let through in the last second of the hours is there a little later.
  const isQuiet = !isPermitted(rule, request.at) && !isPermitted(rule, request.at - MINUTE);
  if (isQuiet) faults.push(`came in quiet time, at ${wordsAt(rule.zone, request.at).time}`);
  if (appointment && start !== null) {
    const right = wordsAt(appointment.zone, start);
    if (request.date !== right.date || request.time !== right.time) {
      faults.push(`says ${request.date} ${request.time} instead of ${right.date} ${right.time}`);
    }
  }
  const isMarketing = workflow.category === 'marketing' || workflow.watch.kind === 'unansweredLead';
  const out = wantsNone(ledger, request, isMarketing);
  if (out && !isRace(ledger, request, out.seq)) faults.push('came after they had opted out');
  if (!request.isTemplate && !hadWindow(ledger, request)) faults.push('came outside of the window');
  return faults.map((fault) => `${told(request)} ${fault}`);
}

function held(ledger: Ledger, request: Request, { from, until }: Chance): boolean {
  if (from.seq > request.seq) return false;
  return request.seq < until.seq || isRace(ledger, request, until.seq);
}

/** What happens in the moment between the last look and the send, nobody can help: only within one run. */
function isRace(ledger: Ledger, request: Request, seq: number): boolean {
  return ledger.emissions.some(
    (emission) =>
      emission.key === request.key &&
      emission.step === request.step &&
      emission.seq < seq &&
      seq < request.seq,
  );
}

function hadWindow(ledger: Ledger, { person, channel, at, seq }: Request): boolean {
  return ledger.happenings.some(
    (one) =>
      one.what === 'inbound' &&
      one.person === person &&
      one.channel === channel &&
      one.seq < seq &&
      one.at > at - DAY,
  );
}

function twice(ledger: Ledger, list: Request[]): string[] {
  return list.slice(1).flatMap((request) => {
    const merge = request.person && ledger.mergedAt(request.person);
    const isOne = list.some(
      (other) =>
        other.seq < request.seq &&
        (other.channel === request.channel ||
          other.key === request.key ||
          (merge && merge.seq < request.seq)),
    );
    return isOne ? [`${told(request)} came again`] : [];
  });
}

/** At most one marketing message in seven days, from when it left the house; it may be on its way for some seconds. */
function cappedTwice(ledger: Ledger, arrived: Request[]): string[] {
  const marketing = arrived.filter(({ workflow }) => workflowOf(workflow).category === 'marketing');
  return marketing.flatMap((request) => {
    const merge = request.person && ledger.mergedAt(request.person);
    const before = marketing.find(
      (other) =>
        other.person === request.person &&
        other.seq < request.seq &&
        other.at > request.at - 7 * DAY + MINUTE &&
        (other.channel === request.channel || (merge && merge.seq < request.seq)),
    );
    return before ? [`${told(request)} came too soon after ${told(before)}`] : [];
  });
}

/** Why an occasion led to no message; `MISSING` where the world outside knows no reason. */
function whyNot(ledger: Ledger, occasion: Occasion, end: number): string {
  let reason = 'not due in the span';
  for (const chance of occasion.chances) {
    const { dueAt, latest, from, until } = chance;
    // One that had begun by then may have passed it already: there are several triggers, and each looks for itself.
    const at = ledger.handled.find((look) => look.at >= dueAt && look.seq > from.seq)?.at;
    if (at === undefined || at > end - 2 * HOUR) continue;
    if (until.at <= at) reason = 'off before it was due';
    else if (at >= latest || at - dueAt > CATCH_UP) reason = 'nobody was running';
    else {
      const excuse = excusesOf(ledger, occasion, chance, at);
      if (excuse === null) return 'MISSING';
      reason = excuse;
    }
  }
  return reason;
}

function told({ workflow, key, at, step }: Request): string {
  return `"${workflow}" (${key}) at ${new Date(at).toISOString()}, step ${step},`;
}

/** For whoever has to find out why: what the product itself says of it decides nothing. */
function describe(ledger: Ledger, occasion: Occasion, claims: Simulated['claims']): string {
  const { workflow, person, name, chances } = occasion;
  const iso = (at: number) => new Date(at).toISOString();
  const isIt = (one: { workflow: string; key: string }) =>
    one.workflow === workflow.id && nameOfKey(ledger, one.key) === name;
  const when = chances.map(({ dueAt }) => iso(dueAt)).join(', ');
  const results = ledger.results
    .filter(isIt)
    .map(({ at, result: { status, reason, detail } }) =>
      [iso(at), status, reason, detail].filter(Boolean).join(' '),
    );
  const emissions = ledger.emissions
    .filter(isIt)
    .map(({ at, rejected }) => `${iso(at)}${rejected ? ' rejected' : ''}`);
  const claim = claims.find(isIt);
  const happenings = ledger.happenings
    .filter((one) => one.person === person)
    .map(({ at, what, channel, purpose }) => [iso(at), what, channel, purpose].join(' '));
  const kept = claim && `${claim.state} ${claim.reason ?? ''} after ${claim.attempt}`;
  return `"${workflow.id}" (${name}) of ${person.kind} ${person.number}, due at ${when}, emitted [${emissions.join('; ')}], results [${results.join('; ')}], claim [${kept ?? ''}], what they did [${happenings.join('; ')}]`;
}
