import type { EventItem } from '../model';
import {
  isOldEnough,
  isTooYoung,
  listPausedConversations,
  listUndeliveredOfConversation,
  type ConversationEventRow,
} from '../store/statements/collecting';
import { listClaimableEvents } from '../store/statements/deliveries';
import type { EventRow } from '../store/statements/events';
import type { TenantTx } from '../store/unit';
import { isCollected, MOST_COLLECTED, type Collecting } from './collect';
import { FIRST_PAGE, isStale, PAGE, SCAN_LIMIT, type PickArgs, type Picked } from './pick';
import { createSaidMatcher, type SaidMatcher } from './said';

/** Events of one conversation that go into one execution, or that wait. */
type Turn = { members: EventRow[]; dueAt: number | null };

/**
 * As pickEvents, but the messages of a conversation that follow on each other go together: when nothing more was written
 * for a while, when the first has waited as long as it may, or when something else happened after them. Nothing of it is
 * kept anywhere but in the log: what waits when a process dies waits just so for the next one.
 */
export async function pickCollected(
  tx: TenantTx,
  args: PickArgs,
  from: number,
  room: number,
): Promise<Picked> {
  const picked: Picked = { events: [], skipped: [], stale: [], more: false, dueAt: null };
  const { collect } = args;
  if (room <= 0 || !collect) return picked;
  const matches = createSaidMatcher(args.said ?? {});
  const seen = new Set(args.busyConversations);
  const only = isOldEnough(tx.now - collect.quietMs);
  let places = 0;
  let afterSeq = from;
  let limit = Math.max(FIRST_PAGE, room);
  for (let scanned = 0; scanned < SCAN_LIMIT; ) {
    const page = await listClaimableEvents(tx, {
      ...{ consumerId: args.consumerId, selection: args.selection, afterSeq, limit, only },
      excludedConversations: [...seen],
    });
    for (const event of page) {
      const conversation = event.conversation_id;
      if (conversation && seen.has(conversation)) continue;
      if (conversation) seen.add(conversation);
      const turn = await turnOf(tx, args, collect, event, from);
      if (turn.dueAt !== null) {
        picked.dueAt = Math.min(picked.dueAt ?? Infinity, turn.dueAt);
        continue;
      }
      if (!(await take(tx, args, picked, turn.members, matches))) continue;
      places += 1;
      if (places === room) return { ...picked, more: true };
    }
    if (page.length < limit) return await withYoung(tx, args, collect, picked, from, seen);
    afterSeq = page.at(-1)?.seq ?? afterSeq;
    scanned += page.length;
    limit = Math.max(PAGE, room);
  }
  return { ...picked, more: places > 0 };
}

/** What is next in the event's conversation: one thing that happened, or the messages up to the next such thing. */
async function turnOf(
  tx: TenantTx,
  args: PickArgs,
  { quietMs, maxMs }: Collecting,
  event: EventRow,
  from: number,
): Promise<Turn> {
  if (event.conversation_id === null) return { members: [event], dueAt: null };
  const { newContactsOnly } = args.selection;
  const all = await listUndeliveredOfConversation(tx, {
    consumerId: args.consumerId,
    // Only the first message of a new contact is marked so; what they write next belongs to it.
    selection: { ...args.selection, newContactsOnly: false },
    conversationId: event.conversation_id,
    afterSeq: from,
    limit: MOST_COLLECTED + 1,
  });
  const isWanted = (row: ConversationEventRow) => !newContactsOnly || row.contact_is_new === 1;
  const rows = all.slice(Math.max(0, all.findIndex(isWanted)));
  const end = rows.findIndex(({ type }) => !isCollected(type));
  const members = rows.slice(0, end === -1 ? MOST_COLLECTED : end);
  const [first] = members;
  if (!first) return { members: rows.slice(0, 1), dueAt: null };
  const isOver = members.length < rows.length;
  const lastAt = Math.max(...members.map((row) => row.recorded_at));
  const dueAt = Math.min(lastAt + quietMs, first.recorded_at + maxMs);
  return { members, dueAt: isOver || dueAt <= tx.now ? null : dueAt };
}

/** @returns whether an execution comes of it */
async function take(
  tx: TenantTx,
  args: PickArgs,
  picked: Picked,
  members: EventRow[],
  matches: SaidMatcher | undefined,
): Promise<boolean> {
  const stale = members.filter((event) => isStale(tx, args, event));
  const fresh = members.filter((event) => !stale.includes(event));
  picked.stale.push(...stale);
  if (fresh.length === 0) return false;
  const isUnwanted =
    (matches && !fresh.some((event) => matches(itemOf(event)))) ||
    (await isTakenOver(tx, args, fresh));
  if (isUnwanted) {
    picked.skipped.push(...fresh);
    return false;
  }
  picked.events.push(...fresh);
  return true;
}

function itemOf(event: EventRow): EventItem {
  return JSON.parse(event.payload) as EventItem;
}

/** Whether somebody has taken over while messages waited for more: then automation no longer answers them. */
async function isTakenOver(tx: TenantTx, args: PickArgs, members: EventRow[]): Promise<boolean> {
  const [first] = members;
  if (args.selection.includePaused || !first?.conversation_id || !isCollected(first.type)) {
    return false;
  }
  return (await listPausedConversations(tx, [first.conversation_id])).length > 0;
}

/** Also when the first messages are due that were too young to be looked at. */
async function withYoung(
  tx: TenantTx,
  args: PickArgs,
  { quietMs }: Collecting,
  picked: Picked,
  from: number,
  seen: ReadonlySet<string>,
): Promise<Picked> {
  const [young] = await listClaimableEvents(tx, {
    ...{ consumerId: args.consumerId, selection: args.selection, afterSeq: from, limit: 1 },
    excludedConversations: [...seen],
    only: isTooYoung(tx.now - quietMs),
  });
  if (!young) return picked;
  return { ...picked, dueAt: Math.min(picked.dueAt ?? Infinity, young.recorded_at + quietMs) };
}
