import type { Ledger, Request, SimulatedChannel } from './ledger';
import { channelsOf, HOUSE_ZONE } from './life';
import { nameOfKey, type Chance, type Occasion } from './occasions';
import { isOneContact, wantsNone } from './people';
import { workflowOf } from './workflows';
import { DAY, HOUR, isPermitted, MINUTE, nearestPermitted, type Rule } from './reference';

const MARGIN = 5 * MINUTE;
const ATTEMPTS = 3;

/**
 * Why a message that was owed did not go, by what the world outside knows: null where it knows of no reason.
 * @param first when a process looked first
 */
export function excusesOf(
  ledger: Ledger,
  occasion: Occasion,
  chance: Chance,
  first: number,
): string | null {
  const { workflow, name } = occasion;
  // Of workflows with one message the first to come sends it, for all of them.
  const isAboutIt = (one: { workflow: string; key: string }) =>
    workflowOf(one.workflow).message === workflow.message && nameOfKey(ledger, one.key) === name;
  const requests = ledger.requests.filter(isAboutIt);
  const all = ledger.emissions.filter(isAboutIt);
  const emissions = all.filter((one) => one.workflow === workflow.id);
  if (requests.some(({ outcome }) => outcome === 'refused')) return 'the provider refused it';
  if (requests.length >= ATTEMPTS) return 'the provider was not there';
  if (requests.some(isUnknown)) return 'nobody could know whether it had arrived';
  if (emissions.length >= ATTEMPTS) return 'three runs of it were lost';
  // Reserved, and then its process died: WhatsApp shows nobody whether it had gone out, and the product says so.
  const isAdmitted = ledger.results.some(
    (one) => isAboutIt(one) && one.result.status === 'unknown',
  );
  const diedIn = (runs: typeof all) =>
    runs.some(({ step }) => ledger.kills.some((kill) => kill.step === step));
  if (isAdmitted && diedIn(all)) return 'nobody could know whether it had gone out';
  const lastEmission = emissions.at(-1)?.at ?? -Infinity;
  const next = ledger.handled.find(({ at }) => at > lastEmission)?.at ?? Infinity;
  const isCut =
    emissions.some(({ at, rejected }) => at === lastEmission && rejected) || diedIn(emissions);
  if (isCut && next >= Math.min(chance.latest, chance.until.at)) {
    return 'its run was lost, and it was too late after that';
  }
  const last = Math.max(first, ...emissions.map(({ at }) => at), ...requests.map(({ at }) => at));
  for (const at of laterInQuiet(ledger, occasion, [first, last])) {
    const excuse = excuseAt(ledger, occasion, chance, at);
    if (excuse !== null) return excuse;
  }
  return null;
}

function isUnknown({ outcome }: Request): boolean {
  return outcome === 'lost' || outcome === 'acceptedUnheard';
}

/** The moments at which it may have gone: what is quiet then goes when the hours begin. */
function laterInQuiet(ledger: Ledger, { workflow, person }: Occasion, moments: number[]): number[] {
  const rule: Rule = {
    zone: person.zone ?? HOUSE_ZONE,
    hours: workflow.category,
    holidays: new Set(),
  };
  return moments.flatMap((at) => {
    if (isPermitted(rule, at)) return [at];
    const opens = nearestPermitted(rule, at, 1) ?? Infinity;
    const handled = ledger.handled.find((look) => look.at >= opens)?.at ?? Infinity;
    // Nobody was there for hours after that: it is too late.
    return handled - opens > 6 * HOUR ? [at, Infinity] : [at, handled];
  });
}

function excuseAt(ledger: Ledger, occasion: Occasion, chance: Chance, at: number): string | null {
  const { workflow, person } = occasion;
  if (at === Infinity) return 'nobody was running when the hours began';
  const until = untilOf(ledger, at);
  if (chance.until.at <= until) return 'off before it went';
  const isMarketing = workflow.category === 'marketing' || workflow.watch.kind === 'unansweredLead';
  const seq = seqAfter(ledger, until);
  const channels = contactChannels(ledger, occasion, seq);
  if (channels.some((channel) => wantsNone(ledger, { person, channel, seq }, isMarketing))) {
    return 'they had opted out';
  }
  const isPastStart = workflow.beforeStart && at >= (occasion.start ?? Infinity);
  if (isPastStart || at >= chance.latest) return 'too late when the hours began';
  if (!channels.some((channel) => canReach(ledger, occasion, channel, { at, until })))
    return 'no way to them';
  if (workflow.category === 'marketing' && hadMarketing(ledger, occasion, channels, at)) {
    return 'they had had their marketing';
  }
  return null;
}

/** Until when what happens between a due moment and its message counts: the end of the look, or of the minute. */
function untilOf(ledger: Ledger, at: number): number {
  const look = ledger.handled.find((one) => one.at <= at && at <= one.until);
  return Math.max(at + MINUTE, look?.until ?? at);
}

function seqAfter(ledger: Ledger, at: number): number {
  const happened = [...ledger.happenings].filter((one) => one.at <= at).map(({ seq }) => seq);
  return Math.max(0, ...happened) + 0.5;
}

/** By which the contact that it is about can be written to. */
function contactChannels(ledger: Ledger, occasion: Occasion, seq: number): SimulatedChannel[] {
  const { person, appointment, workflow } = occasion;
  if (person.kind === 'phoneOnly') return ['whatsapp'];
  const all = channelsOf(person);
  if (isOneContact(ledger, person, ['whatsapp', 'messenger'], seq)) return all;
  if (appointment) return [person.phone === null ? 'messenger' : 'whatsapp'];
  if (workflow.watch.kind === 'birthday') return all;
  const word = ledger.happenings.find(
    (one) =>
      one.what === 'inbound' &&
      one.person === person &&
      occasion.name.endsWith(new Date(one.at).toISOString().replace(/(:00)?\.000Z$/, 'Z')),
  );
  return word ? [word.channel] : all;
}

function canReach(
  ledger: Ledger,
  { person, workflow }: Occasion,
  channel: SimulatedChannel,
  { at, until }: { at: number; until: number },
): boolean {
  // Time stands still in a look: what they write at that very moment may come after the window was looked at.
  const words = ledger.happenings.filter(
    (one) =>
      one.what === 'inbound' && one.person === person && one.channel === channel && one.at < at,
  );
  if (words.some((one) => at < one.at + DAY - MARGIN)) return true;
  if (channel === 'messenger') return false;
  // Who wants no marketing any more has taken back what they agreed to.
  const tookBack = ledger.happenings.some(
    (one) =>
      one.what === 'optOut' &&
      one.person === person &&
      one.purpose === 'marketing' &&
      one.at <= until,
  );
  return (person.agrees && !tookBack) || (workflow.category === 'utility' && words.length > 0);
}

function hadMarketing(
  ledger: Ledger,
  { person, name, workflow }: Occasion,
  channels: readonly SimulatedChannel[],
  at: number,
): boolean {
  const isMarketing = (one: { workflow: string }) =>
    workflowOf(one.workflow).category === 'marketing';
  // Hours begin at the same minute every day: what went in the very minute a week ago may or may not count.
  const since = at - 7 * DAY - MARGIN;
  const had = ledger.requests.some(
    (one) =>
      one.person === person &&
      channels.includes(one.channel) &&
      isMarketing(one) &&
      (one.heardAt ?? one.at) > since &&
      one.at <= at + MARGIN,
  );
  // Of two the first counts while it is on its way, whatever becomes of it.
  const other = ledger.emissions.some(
    (one) =>
      isMarketing(one) &&
      ledger.personOf(one.contactId ?? '') === person &&
      (nameOfKey(ledger, one.key) !== name ||
        workflowOf(one.workflow).message !== workflow.message) &&
      one.at > since &&
      one.at <= at + MARGIN,
  );
  return had || other;
}
