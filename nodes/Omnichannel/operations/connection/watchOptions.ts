import type { INodeProperties } from 'n8n-workflow';
import type { SilenceSettings } from '../../../../core/accounts';
import type { App } from '../../../../core/runtime';
import { core } from '../../../shared/loadCore';

/** Options about what does not arrive; see docs/silence-and-catch-up.md. */
export const watchOptions = [
  {
    displayName: 'Fetch Missed Messages of the Last (Hours)',
    name: 'fetchMissedHours',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 720 },
    default: 24,
    description:
      'Read back what no webhook brought (Instagram and Messenger). Each message is recorded once; triggers take those that are within their Catch Up.',
  },
  {
    displayName: 'Quiet Days',
    name: 'quietDays',
    type: 'multiOptions',
    default: [],
    description: 'No silence alarm on these days. Kept for the account.',
    options: [
      { name: 'Friday', value: 5 },
      { name: 'Monday', value: 1 },
      { name: 'Saturday', value: 6 },
      { name: 'Sunday', value: 0 },
      { name: 'Thursday', value: 4 },
      { name: 'Tuesday', value: 2 },
      { name: 'Wednesday', value: 3 },
    ],
  },
  {
    displayName: 'Quiet Hours',
    name: 'quietHours',
    type: 'string',
    default: '',
    placeholder: 'e.g. 22:00-07:00',
    description:
      "No silence alarm between these times, in the workflow's time zone. Nights in which nobody writes are quiet by themselves. Kept for the account.",
  },
  {
    displayName: 'Silence Alarm',
    name: 'silenceAlarm',
    type: 'boolean',
    default: true,
    description:
      'Whether an account that usually receives and falls silent raises Account: Silent. Kept for the account.',
  },
  {
    displayName: 'Silent for at Least (Hours)',
    name: 'silentForHours',
    type: 'number',
    typeOptions: { minValue: 0.5, maxValue: 336 },
    default: 2,
    description:
      'No alarm before; how long it takes beyond that is learned from the account itself. Kept for the account.',
  },
] as const satisfies INodeProperties[];

/** What was filled in of them. */
export interface WatchOptions {
  fetchMissedHours?: number;
  quietDays?: number[];
  quietHours?: string;
  silenceAlarm?: boolean;
  silentForHours?: number;
}

const HOUR_MS = 3_600_000;

/**
 * Does what the options ask for, in the order of the panel.
 * @returns what is added to the item: `silence` where it was changed, `missed` where messages were fetched
 */
export async function applyWatchOptions(
  app: App,
  { tenant, accountId, timeZone }: { tenant: string; accountId: string; timeZone: string },
  options: WatchOptions,
): Promise<object> {
  const change = silenceChange(options, timeZone);
  const silence =
    change && (await core.accounts.setSilenceSettings(app, tenant, accountId, change));
  const { fetchMissedHours } = options;
  const missed =
    fetchMissedHours === undefined
      ? undefined
      : await core.messaging.fetchMissed(app, {
          tenantId: tenant,
          accountId,
          since: app.clock.now() - fetchMissedHours * HOUR_MS,
        });
  return { ...(silence && { silence }), ...(missed && { missed }) };
}

function silenceChange(options: WatchOptions, timeZone: string): Partial<SilenceSettings> | null {
  const { silenceAlarm, silentForHours, quietHours, quietDays } = options;
  const change: Partial<SilenceSettings> = {
    ...(silenceAlarm === undefined ? {} : { enabled: silenceAlarm }),
    ...(silentForHours === undefined ? {} : { minimumMs: silentForHours * HOUR_MS }),
    ...(quietHours === undefined ? {} : { quietHours: readHours(quietHours) }),
    ...(quietDays === undefined ? {} : { quietDays: quietDays.map(Number) }),
  };
  return Object.keys(change).length === 0 ? null : { ...change, timeZone };
}

/** `22:00-07:00`; empty = none. What it is no time of, the core says. */
function readHours(text: string): { from: string; to: string } | null {
  if (text.trim() === '') return null;
  const [from = '', to = ''] = text.split(/[-–—]/).map((part) => part.trim());
  return { from, to };
}
