import { InvalidInputError, type Clock } from '../model';
import type { RatingHour } from '../store/statements/countedFigures';
import type { FigureAccount } from '../store/statements/figures';
import type { HourFilter, HourSpan } from '../store/statements/hours';
import type { Store, TenantStore } from '../store/store';
import { settingsOf } from '../tenants';
import { rate, sum } from './answers';
import { readFigures, type SourceCount } from './figureHours';
import { readOtherFigures, readTraffic, type Traffic } from './figures.unit';
import { countBy, journeyFigures, type JourneyFigures } from './journeys';
import { spanOf, type AskedPeriod } from './period';
import { attendantFigures, hoursOf, trafficFigures, type TrafficFigures } from './traffic';

const DAY_MS = 24 * 3_600_000;
/** An account that is none: a filter that leaves nothing must not mean everything. */
const NO_ACCOUNT = '-';

export interface StatisticsInput extends AskedPeriod {
  tenantId: string;
  /** Empty or absent: all. */
  channels?: readonly string[] | undefined;
  accountIds?: readonly string[] | undefined;
  /** `appointmentUpcoming-24h`, or the kind alone for all of them; absent: all. */
  journey?: string | undefined;
  /** So long after a message of ours what the person writes counts as an answer to it. Default 72. */
  answeredWithinHours?: number | undefined;
  /** The stage into which a lead is converted. Default `client`. */
  convertedStage?: string | undefined;
}

export interface Statistics extends TrafficFigures {
  period: { from: string; to: string; timeZone: string };
  accounts: { total: number; byStatus: Record<string, number> };
  webhooks: { attempts: number; succeeded: number; failed: number; successRate: number | null };
  conversions: {
    stage: string;
    newContacts: number;
    converted: number;
    bySource: ({ source: string | null } & Converted)[];
    byChannel: ({ channel: string | null } & Converted)[];
  };
  ratings: {
    count: number;
    mean: number | null;
    distribution: Record<'1' | '2' | '3' | '4' | '5', number>;
    /** On the scale of a provider's form, which has no place in the mean. */
    onOtherScales: number;
  };
  journeys: JourneyFigures[];
}

interface Converted {
  newContacts: number;
  converted: number;
}

/**
 * The figures of one tenant over a period.
 * @throws InvalidInputError for the period and the hours; StoreError
 */
export async function getStatistics(
  ctx: { store: Store; clock: Clock },
  input: StatisticsInput,
): Promise<Statistics> {
  const { answeredWithinHours = 72, convertedStage: stage = 'client' } = input;
  if (!(answeredWithinHours > 0 && answeredWithinHours <= 24 * 30)) {
    throw new InvalidInputError('Answered Within', 'Give 1 to 720 hours.');
  }
  const { timeZone: zone } = await settingsOf(ctx, input.tenantId);
  const now = ctx.clock.now();
  const span = spanOf(input, now, zone);
  const tenant = ctx.store.forTenant(input.tenantId);
  const days = { from: Math.floor(span.from / DAY_MS), to: Math.floor((span.to - 1) / DAY_MS) };
  const { accounts: all, assigned, attempts } = await tenant.run(readOtherFigures, { days });
  const isFiltered = Boolean(input.channels?.length || input.accountIds?.length);
  const accounts = all.filter((one) => isWanted(one, input));
  const ids = accounts.map(({ id }) => id);
  const isOurs = (id: string | null) => !isFiltered || (id !== null && ids.includes(id));
  const filter = { accountIds: isFiltered ? [...ids, ...(ids.length ? [] : [NO_ACCOUNT])] : [] };

  const traffic = await readAllTraffic(tenant, hoursOf(span), filter);
  const answerWithinMs = Math.round(answeredWithinHours * 3_600_000);
  const asked = { answerWithinMs, stage };
  const { outcomes, due, contacts, steps, ratings } = await readFigures(
    tenant,
    hoursOf(span),
    asked,
  );
  const ofJourney = (journey: string | null) => isJourney(journey, input.journey);
  const known = accounts.filter(({ channel }) => channel !== 'calendar');
  return {
    period: {
      from: new Date(span.from).toISOString(),
      to: new Date(Math.min(span.to, now)).toISOString(),
      timeZone: zone,
    },
    ...trafficFigures(traffic, known, { span, zone }),
    attendants: attendantFigures(
      traffic,
      assigned.filter((row) => isOurs(row.account_id)),
    ),
    accounts: {
      total: accounts.length,
      byStatus: countBy(
        accounts,
        ({ status }) => status,
        () => 1,
      ),
    },
    webhooks: webhookFigures(attempts),
    conversions: conversionFigures(
      stage,
      contacts.filter((row) => isOurs(row.account_id)),
      steps.filter((row) => isOurs(row.account_id)),
      new Map(all.map(({ id, channel }) => [id, channel])),
    ),
    ratings: ratingFigures(
      ratings.filter((row) => isOurs(row.account_id) && ofJourney(row.journey)),
    ),
    journeys: journeyFigures(
      outcomes.filter((row) => isOurs(row.account_id) && ofJourney(row.journey)),
      isFiltered ? null : due.filter((row) => ofJourney(row.journey)),
    ),
  };
}

/** Day by day where the hours are not put down yet: whoever writes messages meanwhile waits for one of them at most. */
async function readAllTraffic(
  tenant: TenantStore,
  span: HourSpan,
  filter: HourFilter,
): Promise<Traffic> {
  const all: Traffic = { messages: [], messagesByHour: [], turns: [], turnsByHour: [] };
  for (let from: number | null = span.from; from !== null; ) {
    const { next, ...part }: Traffic & { next: number | null } = await tenant.run(readTraffic, {
      span: { from, to: span.to },
      filter,
    });
    all.messages.push(...part.messages);
    all.messagesByHour.push(...part.messagesByHour);
    all.turns.push(...part.turns);
    all.turnsByHour.push(...part.turnsByHour);
    from = next;
  }
  return all;
}

function isWanted({ id, channel }: FigureAccount, { channels, accountIds }: StatisticsInput) {
  const isOf = (list: readonly string[] | undefined, value: string) =>
    !list || list.length === 0 || list.includes(value);
  return isOf(channels, channel) && isOf(accountIds, id);
}

/** By the whole name, or by the kind alone. */
function isJourney(journey: string | null, wanted: string | undefined): boolean {
  if (!wanted) return true;
  return journey === wanted || journey?.split('-')[0] === wanted;
}

function webhookFigures({ succeeded, failed }: { succeeded: number; failed: number }) {
  const attempts = succeeded + failed;
  return { attempts, succeeded, failed, successRate: rate(succeeded, attempts) };
}

function conversionFigures(
  stage: string,
  contacts: readonly SourceCount[],
  steps: readonly SourceCount[],
  channelOf: ReadonlyMap<string, string>,
): Statistics['conversions'] {
  const channel = (row: SourceCount) => row.channel ?? channelOf.get(row.account_id ?? '') ?? null;
  const by = <K>(key: (row: SourceCount) => K) => {
    const keys = [...new Set([...contacts, ...steps].map(key))];
    const of = (rows: readonly SourceCount[], wanted: K) =>
      sum(rows.filter((row) => key(row) === wanted).map((row) => row.contacts));
    return keys
      .map((one) => ({ key: one, newContacts: of(contacts, one), converted: of(steps, one) }))
      .sort((a, b) => b.converted - a.converted || b.newContacts - a.newContacts);
  };
  return {
    stage,
    newContacts: sum(contacts.map((row) => row.contacts)),
    converted: sum(steps.map((row) => row.contacts)),
    bySource: by(({ source }) => source).map(({ key, ...rest }) => ({ source: key, ...rest })),
    byChannel: by(channel).map(({ key, ...rest }) => ({ channel: key, ...rest })),
  };
}

function ratingFigures(rows: readonly RatingHour[]): Statistics['ratings'] {
  const usual = rows.filter(({ best }) => best === 5);
  const count = sum(usual.map(({ ratings }) => ratings));
  const total = sum(usual.map(({ rating, ratings }) => rating * ratings));
  const of = (figure: number) =>
    sum(usual.filter(({ rating }) => Math.round(rating) === figure).map((row) => row.ratings));
  return {
    count,
    mean: count === 0 ? null : Math.round((total / count) * 100) / 100,
    distribution: { '1': of(1), '2': of(2), '3': of(3), '4': of(4), '5': of(5) },
    onOtherScales: sum(rows.filter(({ best }) => best !== 5).map((row) => row.ratings)),
  };
}
