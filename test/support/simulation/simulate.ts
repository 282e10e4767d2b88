import { randomFrom } from '../random';
import type { StoreContext } from '../storeContext';
import { EngineProcess, type Death } from './engine';
import { ABILITIES } from './channels';
import { House } from './house';
import { Ledger } from './ledger';
import { bornIn, lifeOf, momentsOf, type Action, type Span } from './life';
import { Looks } from './looks';
import { OtherSide, type DeathAtProvider } from './otherSide';
import { DAY, HOUR, MINUTE } from './reference';
import { takeTime, type SimulatedTime } from './simulatedTime';
import { WORKFLOWS } from './workflows';

export interface Simulation {
  seed: number;
  span: Span;
  customers: number;
  /** How often a process is killed. */
  kills: number;
  /** Minutes between two looks by day. */
  grid: number;
}

/** What is left of a simulation for its judge. */
export interface Simulated {
  ledger: Ledger;
  span: Span;
  /** What the engine has written down, for the words of a failure. */
  claims: Claim[];
}

export interface Claim {
  workflow: string;
  key: string;
  state: string;
  reason: string | null;
  attempt: number;
}

/** Runs the days, one look after the other. */
export async function simulate(context: StoreContext, plan: Simulation): Promise<Simulated> {
  const run = new Run(context, plan);
  await run.open();
  try {
    await run.live();
    await run.comeToRest();
    const { ledger, house } = run;
    return { ledger, span: plan.span, claims: await house.claims() };
  } finally {
    await run.end();
  }
}

/** One of the two places in which a process of the installation may run. */
interface Place {
  engine: EngineProcess | null;
  /** From when on it is to run; Infinity = not before it is said. */
  startAt: number;
}

class Run {
  readonly ledger = new Ledger();
  readonly house: House;
  readonly #random: () => number;
  readonly #other: OtherSide;
  readonly #places: Place[] = [
    { engine: null, startAt: 0 },
    { engine: null, startAt: Infinity },
  ];
  #time: SimulatedTime | undefined;
  #actions: Action[] = [];
  readonly #killAt = new Set<number>();
  readonly #moments: number[];

  constructor(
    private readonly context: StoreContext,
    private readonly plan: Simulation,
  ) {
    this.#random = randomFrom(plan.seed);
    this.house = new House(context, this.ledger);
    this.#moments = [...momentsOf(plan.span, plan.grid)];
    const pass = (milliseconds: number) => this.#pass(milliseconds);
    this.#other = new OtherSide(this.#random, this.ledger, this.house, context.clock, pass);
  }

  async open(): Promise<void> {
    const { context, plan } = this;
    context.clock.set(plan.span.from);
    this.#time = await takeTime(context.target, plan.span.from);
    const people = Array.from({ length: plan.customers }, (_, index) =>
      bornIn(this.#random, plan.span, index + 1),
    );
    await this.house.open(plan.span, people);
    this.#actions = people
      .flatMap((person) => lifeOf(this.#random, plan.span, person, plan.grid))
      .sort((a, b) => a.at - b.at);
    while (this.#killAt.size < plan.kills) {
      this.#killAt.add(Math.floor(this.#random() * this.#moments.length));
    }
    await this.#moveTo(plan.span.from);
    await this.#startDue();
  }

  async live(): Promise<void> {
    const looks = new Looks(this.ledger, this.plan.span);
    for (const [index, at] of this.#moments.entries()) {
      const isWanted = this.#killAt.has(index) || (this.#actions[0]?.at ?? Infinity) <= at;
      if (isWanted) looks.noteLook(at);
      else if (!looks.isDue(at, this.#other.waitsSince)) continue;
      await this.#moveTo(at);
      this.#planProcesses(at);
      await this.#startDue();
      if (this.#alive().length === 0) continue;
      await this.#other.tellStatuses();
      await this.#act(at);
      await this.#step(this.#killAt.has(index));
      await this.#lookAgain();
    }
  }

  /** Where something was left unfinished or has happened meanwhile, production looks again within seconds and minutes. */
  async #lookAgain(): Promise<void> {
    for (let waits = this.#waits(); waits.length > 0; ) {
      const [seconds = 0, ...later] = waits;
      await this.#pass(seconds * 1_000);
      await this.#startDue();
      if (this.#alive().length === 0) return;
      await this.#step(false);
      waits = later.length > 0 ? later : this.#waits();
    }
  }

  /** Seconds until each of the next looks. */
  #waits(): number[] {
    if (this.#other.leftSomething || this.#alive().length === 0) return [40, 45, 90];
    return this.#other.hasMeddled ? [5] : [];
  }

  /** A quarter of an hour in which nothing goes wrong: until everything that waits has come to its end. */
  async comeToRest(): Promise<void> {
    const { until } = this.plan.span;
    this.#other.isTroubled = false;
    await this.#moveTo(until);
    for (const place of this.#places) place.startAt = 0;
    await this.#startDue();
    await this.#other.tellStatuses();
    for (let minute = 0; minute < 15; minute += 1) {
      await this.#moveTo(until + minute * MINUTE);
      await this.#step(false);
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#alive().map((engine) => engine.kill()));
    await this.#time?.end();
  }

  #alive(): EngineProcess[] {
    return this.#places.flatMap(({ engine }) => (engine?.isAlive ? [engine] : []));
  }

  async #moveTo(at: number): Promise<void> {
    const now = Math.max(at, this.context.clock.now());
    this.context.clock.set(now);
    await this.#time?.set(now);
  }

  async #pass(milliseconds: number): Promise<void> {
    await this.#moveTo(Math.floor(this.context.clock.now() + milliseconds));
  }

  /** A second process runs for some hours of some days; and now and then there is none for hours. */
  #planProcesses(at: number): void {
    const [first, second] = this.#places;
    if (!first || !second) return;
    const perDay = DAY / (this.plan.grid * MINUTE);
    // A file is for one process: there two of them meet only now and then.
    const often = this.context.kind === 'sqlite' ? 0.15 : 0.6;
    if (this.#random() < often / perDay) second.startAt = at;
    if (second.engine?.isAlive && this.#random() < 3 / perDay) this.#fall(second, Infinity);
    if (this.#random() < 0.12 / perDay) {
      const back = at + HOUR + this.#random() * 12 * HOUR;
      this.#fall(first, back);
      this.#fall(second, Infinity);
    }
  }

  #fall(place: Place, startAt: number): void {
    void place.engine?.kill();
    place.engine = null;
    place.startAt = startAt;
  }

  async #startDue(): Promise<void> {
    const now = this.context.clock.now();
    for (const place of this.#places) {
      if (place.engine?.isAlive || place.startAt > now) continue;
      const { target, secret } = this.context;
      const clockFile = this.#time?.clockFile ?? '';
      const { tenantId } = this.house;
      place.engine = await EngineProcess.start(
        { target, secret, tenantId, workflows: WORKFLOWS, abilities: ABILITIES, clockFile },
        this.#other,
      );
    }
  }

  async #act(until: number): Promise<void> {
    while ((this.#actions[0]?.at ?? Infinity) <= until) {
      const action = this.#actions.shift();
      if (action) await this.house.do(action);
    }
  }

  async #step(isLethal: boolean): Promise<void> {
    const { ledger } = this;
    ledger.step += 1;
    const engines = this.#alive();
    const victim = isLethal ? engines[Math.floor(this.#random() * engines.length)] : undefined;
    const isAtProvider = this.#random() < 0.4;
    this.#other.beginStep(victim && isAtProvider ? this.#deathAtProvider(victim) : null);
    const death = victim && !isAtProvider ? this.#deathAtStore() : null;
    const at = this.context.clock.now();
    const seq = ledger.next();
    if (death) ledger.kills.push({ step: ledger.step, where: `${death.when} ${death.nth}` });
    const ends = await Promise.all(
      engines.map((engine) => engine.step(engine === victim ? death : null)),
    );
    await this.#other.comeToRest();
    if (victim?.isAlive) {
      // It had less to send than it was to die at.
      ledger.kills.push({ step: ledger.step, where: 'idle' });
      await victim.kill();
    }
    if (ends.includes('idle')) ledger.handled.push({ seq, at, until: this.context.clock.now() });
    for (const place of this.#places) {
      if (place.engine === null || place.engine.isAlive) continue;
      place.engine = null;
      place.startAt = place === this.#places[0] ? at + this.#absence() : Infinity;
    }
  }

  #deathAtProvider(engine: EngineProcess): DeathAtProvider {
    return { engine, nth: 1 + Math.floor(this.#random() * 3), accepted: this.#random() < 0.5 };
  }

  #deathAtStore(): Death {
    const when = (['before', 'during', 'after'] as const)[Math.floor(this.#random() * 3)];
    // Each of its triggers looks once at least; what comes behind is about what was due.
    return { when: when ?? 'after', nth: 1 + Math.floor(this.#random() * 40) };
  }

  /** Most are started again at once, some are missed for hours. */
  #absence(): number {
    const lot = this.#random();
    if (lot < 0.5) return 0;
    return lot < 0.8 ? this.#random() * HOUR : HOUR + this.#random() * 9 * HOUR;
  }
}
