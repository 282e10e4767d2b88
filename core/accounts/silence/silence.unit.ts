import { findAccount, setAccountReason, toAccount } from '../../store/statements/accounts';
import {
  findWatch,
  listHours,
  markSilent,
  saveWatch,
  type HourRow,
  type WatchRow,
} from '../../store/statements/accountWatch';
import { requestCatchUp } from '../../store/statements/catchUps';
import { listDoors } from '../../store/statements/doors';
import { appendEvent } from '../../store/statements/events';
import { tenantUnit } from '../../store/unit';
import { connectionEvent } from '../status';
import { warningOf, type SilenceFacts } from './facts';

export interface ReadWatch {
  watch: WatchRow | undefined;
  hours: HourRow[];
  /** Addresses of the doors that are wanted, of any provider. */
  doors: { provider: string; url: string }[];
}

/** What is needed to judge an account's quiet. */
export const readWatch = tenantUnit(
  __filename,
  'readWatch',
  async (
    tx,
    { accountId, fromHour }: { accountId: string; fromHour: number },
  ): Promise<ReadWatch> => {
    const doors = await listDoors(tx, {});
    return {
      watch: await findWatch(tx, accountId),
      hours: await listHours(tx, accountId, fromHour),
      doors: doors
        .filter(({ unwanted_since }) => unwanted_since === null)
        .map(({ provider, url }) => ({ provider, url })),
    };
  },
  { durability: 'normal' },
);

/** Notes when a quiet becomes an alarm, so that it is not judged again before. */
export const noteJudgement = tenantUnit(
  __filename,
  'noteJudgement',
  async (
    tx,
    args: { accountId: string; quietSince: number; alarmAt: number | null },
  ): Promise<void> => {
    if (!(await findAccount(tx, args.accountId))) return;
    await saveWatch(tx, args.accountId, { judged_for: args.quietSince, alarm_at: args.alarmAt });
  },
  { durability: 'normal' },
);

export interface RaiseSilenceArgs {
  accountId: string;
  quietSince: number;
  facts: SilenceFacts;
  /** Messages since then are to be fetched, epoch ms; null: the provider cannot be asked. */
  fetchSince: number | null;
}

/**
 * Tells a silence, once, and asks for what was missed: together or not at all.
 * @returns false when something has arrived meanwhile, it was told already, or the account is not in use any more
 */
export const raiseSilence = tenantUnit(
  __filename,
  'raiseSilence',
  async (tx, args: RaiseSilenceArgs): Promise<boolean> => {
    const { accountId, quietSince, facts, fetchSince } = args;
    const row = await findAccount(tx, accountId);
    if (!row || (row.last_received_at ?? 0) > quietSince) return false;
    if (row.status !== 'active' && row.status !== 'expiring') return false;
    const warning = row.status_reason === null ? warningOf(facts) : null;
    if (!(await markSilent(tx, accountId, { since: quietSince, warning }))) return false;
    await appendEvent(tx, connectionEvent(row, 'connection.silent', tx.now, { ...facts }));
    if (warning !== null) await setAccountReason(tx, accountId, warning);
    if (fetchSince !== null) {
      await requestCatchUp(tx, accountId, { reason: 'silence', since: fetchSince });
    }
    return true;
  },
);

/** Something has arrived: the next silence is a new one. @returns the account's name, for the log */
export const endSilence = tenantUnit(
  __filename,
  'endSilence',
  async (tx, { accountId }: { accountId: string }): Promise<string | undefined> => {
    const watch = await findWatch(tx, accountId);
    const account = watch && (await findAccount(tx, accountId));
    if (!watch || !account) return undefined;
    await saveWatch(tx, accountId, {
      judged_for: null,
      alarm_at: null,
      silent_since: null,
      raised_at: null,
      warning: null,
    });
    if (watch.warning !== null && account.status_reason === watch.warning) {
      await setAccountReason(tx, accountId, null);
    }
    return toAccount(account).name;
  },
);

/** @returns false when this tenant has no such account */
export const saveSilenceSettings = tenantUnit(
  __filename,
  'saveSilenceSettings',
  async (
    tx,
    { accountId, settings }: { accountId: string; settings: string },
  ): Promise<boolean> => {
    if (!(await findAccount(tx, accountId))) return false;
    // By other rules the present quiet is to be judged again.
    await saveWatch(tx, accountId, { settings, judged_for: null, alarm_at: null });
    return true;
  },
);
