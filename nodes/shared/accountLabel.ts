import type { Account, AccountStatus } from '../../core/model/account';
import { channelName } from './channelOptions';

const STATUS_WORDS: Record<AccountStatus, string> = {
  // An active account has a reason while something about it wants attention.
  active: 'warning',
  pending: 'not connected yet',
  expiring: 'token expires soon',
  expired: 'expired',
  disconnected: 'disconnected',
  error: 'error',
};

/** n8n shows one line of an entry of a resource locator, and cuts it off. */
const MAX_REASON_LENGTH = 100;

export interface LabelMoment {
  /** Epoch milliseconds. */
  now: number;
  /** IANA name of the zone that times are written in. */
  timezone: string;
}

/**
 * An account as a list shows it: its name and channel, then what an admin should know about it.
 * @example "Clínica Sol · Messenger (14 calls refused since 10:02: is the app secret right?)"
 */
export function accountLabel(account: Account, moment: LabelMoment): string {
  const notes = [statusNote(account), refusedNote(account, moment)].filter((note) => note !== null);
  return [`${account.name} · ${channelName(account.channel)}`, ...notes].join(' ');
}

function statusNote({ status, statusReason }: Account): string | null {
  const reason = shortened(statusReason);
  if (status === 'active' && !reason) return null;
  return reason ? `(${STATUS_WORDS[status]}: ${reason})` : `(${STATUS_WORDS[status]})`;
}

function refusedNote({ refusedCalls, refusedSince }: Account, moment: LabelMoment): string | null {
  if (refusedCalls === 0) return null;
  const calls = refusedCalls === 1 ? '1 call' : `${refusedCalls} calls`;
  const since = refusedSince === null ? '' : ` since ${timeOf(refusedSince, moment)}`;
  return `(${calls} refused${since}: is the app secret right?)`;
}

/** "10:02" of today, "2026-11-21 10:02" of another day. */
function timeOf(instant: number, { now, timezone }: LabelMoment): string {
  const [day, time] = dayAndTime(instant, timezone);
  const [today] = dayAndTime(now, timezone);
  return day === today ? `${time}` : `${day} ${time}`;
}

function dayAndTime(instant: number, timezone: string): string[] {
  // Swedish writes a moment as ISO 8601 does, in any zone.
  const options = { dateStyle: 'short', timeStyle: 'short', timeZone: timezone } as const;
  return new Intl.DateTimeFormat('sv-SE', options).format(instant).split(' ');
}

/** The first sentence without its full stop: it says what happened, the others say why and what to do. */
function shortened(reason: string | null): string {
  const text = reason?.trim() ?? '';
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  const bare = sentence.replace(/\.$/, '');
  return bare.length > MAX_REASON_LENGTH ? `${bare.slice(0, MAX_REASON_LENGTH - 1)}…` : bare;
}
