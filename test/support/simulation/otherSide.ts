import type { RecentMessage } from '../../../core/providers/provider';
import { Deck } from './deck';
import type { EngineProcess, ProviderRequest, Surroundings } from './engine';
import type { House } from './house';
import type { Ledger, Person, Request, SimulatedChannel } from './ledger';

type Answer = Awaited<ReturnType<Surroundings['send']>>;

type Outcome = Request['outcome'] | 'slow';

const OUTCOMES: ReadonlyArray<readonly [Outcome, number]> = [
  ['accepted', 87],
  ['slow', 4],
  ['unavailable', 4],
  ['refused', 1],
  ['acceptedUnheard', 2],
  ['lost', 2],
];

/** At which message to a provider a process dies, and whether the provider has taken it by then. */
export interface DeathAtProvider {
  engine: EngineProcess;
  nth: number;
  accepted: boolean;
}

interface Held {
  person: Person;
  channel: SimulatedChannel;
  providerId: string;
  messageId: string;
  request: Request;
}

/** Providers, and what gets between a due moment and its message. */
export class OtherSide implements Surroundings {
  death: DeathAtProvider | null = null;
  /** False at the end: then everything goes well. */
  isTroubled = true;
  /** In this step something had an end that nobody knows, or none. */
  leftSomething = false;
  /** In this step the world went on: something may be due that its triggers had looked for by then. */
  hasMeddled = false;
  /** When something last was put off to other hours. */
  waitsSince = -Infinity;
  #sent = 0;
  #asked = 0;
  readonly #conversations = new Map<string, RecentMessage[]>();
  /** Accepted, and nobody of the house has heard of it yet. */
  readonly #unheard: Held[] = [];
  readonly #outcomes: Deck<Outcome>;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(
    private readonly random: () => number,
    private readonly ledger: Ledger,
    private readonly house: House,
    private readonly clock: { now(): number },
    /** Lets seconds pass while a provider thinks. */
    private readonly pass: (milliseconds: number) => Promise<void>,
  ) {
    this.#outcomes = new Deck(random, OUTCOMES);
  }

  beginStep(death: DeathAtProvider | null): void {
    this.death = death;
    this.#asked = 0;
    this.leftSomething = false;
    this.hasMeddled = false;
  }

  async emitted(
    workflow: string,
    item: Parameters<Surroundings['emitted']>[1],
  ): Promise<{ rejects: boolean }> {
    const rejected = this.isTroubled && this.random() < 0.02;
    if (rejected) this.leftSomething = true;
    const { journeyKey: key, contact, journey } = item;
    if (this.isTroubled && !rejected && this.random() < 0.05) await this.#goOn(item);
    this.ledger.emissions.push({
      seq: this.ledger.next(),
      at: this.clock.now(),
      step: this.ledger.step,
      workflow,
      key,
      contactId: contact?.id ?? journey.appointment?.person.contactId ?? null,
      rejected,
    });
    return { rejects: rejected };
  }

  /** Between the due moment and its message the world goes on. */
  async #goOn(item: Parameters<Surroundings['emitted']>[1]): Promise<void> {
    this.hasMeddled = true;
    await this.#inTurn(() => this.#meddle(item));
  }

  /** What happens, happens at one moment: time waits for it, and it for the time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#lastTurn.then(work);
    this.#lastTurn = done.catch(() => undefined);
    return done;
  }

  /** Until what was under way has happened, also where who asked for it died. */
  async comeToRest(): Promise<void> {
    await this.#lastTurn;
  }

  async #meddle({ journey, contact }: Parameters<Surroundings['emitted']>[1]): Promise<void> {
    const appointmentId = journey.appointment?.appointmentId;
    const person = contact && this.ledger.personOf(contact.id);
    const channel = person?.contactIds.whatsapp === contact?.id ? 'whatsapp' : 'messenger';
    if (appointmentId !== undefined && this.random() < 0.8) {
      await this.house.changeNow(appointmentId, this.random() < 0.5 ? 'cancel' : 'move');
    } else if (person && this.random() < 0.5) {
      await this.house.inbound(person, channel, 'Oi');
    } else if (person) {
      await this.house.optOut(person, channel, this.random() < 0.7 ? 'marketing' : 'messages');
    }
  }

  async send(request: ProviderRequest, engine: EngineProcess): Promise<Answer> {
    this.#asked += 1;
    const providerMessageId = `out.${(this.#sent += 1)}`;
    const dies = this.death?.engine === engine && this.#asked >= this.death.nth;
    if (dies) {
      const { accepted } = this.death ?? { accepted: false };
      this.death = null;
      this.#note(request, providerMessageId, accepted ? 'acceptedUnheard' : 'lost');
      const where = accepted ? 'accepted' : 'reached';
      this.ledger.kills.push({ step: this.ledger.step, where });
      await engine.kill();
      return { failure: 'unknown' };
    }
    const outcome = this.isTroubled ? this.#outcomes.draw() : 'accepted';
    this.#note(request, providerMessageId, outcome === 'slow' ? 'accepted' : outcome);
    if (outcome === 'slow') await this.#inTurn(() => this.pass(5_000 + this.random() * 20_000));
    if (outcome === 'acceptedUnheard' || outcome === 'lost') return { failure: 'unknown' };
    return outcome === 'accepted' || outcome === 'slow'
      ? { providerMessageId }
      : { failure: outcome };
  }

  #note(request: ProviderRequest, providerId: string, outcome: Request['outcome']): void {
    const channel = request.channel as SimulatedChannel;
    const { recipientExternalId, content, messageId, fingerprint } = request;
    const person = this.ledger.personAt(channel, recipientExternalId);
    const isTemplate = content.type === 'template';
    const said = isTemplate
      ? content.template.body.map((place) => (place.kind === 'text' ? place.text : ''))
      : content.type === 'text'
        ? content.text.split(' | ')
        : [];
    const [workflow = '', key = '', date = '', time = ''] = said;
    const at = this.clock.now();
    const { step } = this.ledger;
    if (outcome === 'lost' || outcome === 'acceptedUnheard') this.leftSomething = true;
    const noted: Request = {
      ...{ seq: this.ledger.next(), at, step, channel, person },
      ...{ workflow, key, date, time, isTemplate, outcome },
    };
    this.ledger.requests.push(noted);
    if (outcome !== 'accepted' && outcome !== 'acceptedUnheard') return;
    const place = `${channel} ${recipientExternalId}`;
    const shown = { providerId, direction: 'outbound' as const, fingerprint, createdAt: at };
    this.#conversations.set(place, [shown, ...(this.#conversations.get(place) ?? [])]);
    if (outcome === 'acceptedUnheard' && channel === 'whatsapp' && person) {
      this.#unheard.push({ person, channel, providerId, messageId, request: noted });
    }
  }

  /** WhatsApp shows no conversations; what became of a message it tells later, and sometimes never. */
  recent(channel: string, recipient: string): { messages: RecentMessage[]; fails: boolean } {
    const fails = channel === 'whatsapp' || (this.isTroubled && this.random() < 0.1);
    const messages = this.#conversations.get(`${channel} ${recipient}`) ?? [];
    return { messages: messages.slice(0, 20), fails };
  }

  async tellStatuses(): Promise<void> {
    for (const { person, channel, request, ...ids } of this.#unheard.splice(0)) {
      if (this.random() >= 0.75) continue;
      request.heardAt = this.clock.now();
      await this.house.delivered(person, channel, ids);
    }
  }

  result(...[workflow, key, at, result]: Parameters<Surroundings['result']>): void {
    this.ledger.results.push({ workflow, key, at, result });
    if (result.status === 'scheduled') this.waitsSince = at;
  }

  logged(text: string): void {
    // A file that another process holds for the moment is no fault: it is tried again.
    if (text.startsWith('error')) this.ledger.logged.push(text);
  }
}
