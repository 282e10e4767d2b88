import { newCustomer, receivedBy, write, type Customer } from './customers.ts';
import { clinicWorkflows } from './clinicWorkflows.ts';
import { startTestPlayground, type TestPlayground } from './n8n.ts';
import { waitFor } from './waitFor.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** n8n on two busy cores, a run for each message, and what a kill leaves behind. */
const PATIENCE_MS = 240_000;

/** What a customer of the clinic does on the first day. */
type Role = 'stays' | 'cancels' | 'moves';
const ROLES: readonly Role[] = ['stays', 'cancels', 'stays', 'moves', 'stays'];

interface Guest extends Customer {
  role: Role;
}

/** Three days of a clinic in a real n8n on a moved clock, which dies twice (-9) while it writes; counted at Meta's side. */
export function describeJourneyDays(customers: number): void {
  describe(`${customers} customers, three days, a real n8n that is killed twice`, () => {
    let playground: TestPlayground;
    const guests: Guest[] = [];
    let dayOne = '';

    const textsOf = (guest: Guest, about: string) =>
      receivedBy(playground.sandbox, guest)
        .map(({ text }) => text ?? '')
        .filter((text) => text.startsWith(about));
    const count = (about: string) =>
      guests.reduce((sum, guest) => sum + textsOf(guest, about).length, 0);
    const until = (about: string, wanted: number) =>
      waitFor(() => count(about) >= wanted, {
        what: `${wanted} times "${about}"`,
        timeoutMs: PATIENCE_MS,
      });
    const of = (role: Role) => guests.filter((guest) => guest.role === role);
    /** A time of the first day, or of a later one, by the clinic's clock. */
    const moveTo = (time: string, days = 0) =>
      playground.clock.set(Date.parse(`${dayOne}T${time}-03:00`) + days * DAY_MS);
    const told = (days: number) =>
      new Date(Date.parse(`${dayOne}T00:00Z`) + days * DAY_MS)
        .toISOString()
        .slice(0, 10)
        .split('-')
        .reverse()
        .join('/');
    /** What was in hand when n8n died is settled by the time that passes; nobody waits for it. */
    const dieAndReturn = async (about: string, wanted: number) => {
      await until(about, Math.floor(wanted / 3));
      await playground.kill9();
      await playground.restart();
      for (let look = 0; look < 2; look += 1) await playground.clock.advance(70_000);
      await until(about, wanted);
    };

    beforeAll(async () => {
      playground = await startTestPlayground({ name: `journey-days-${customers}` });
      const { api, sandbox } = playground;
      for (const definition of Object.values(clinicWorkflows())) {
        await api.publish(await api.createWorkflow(definition));
      }
      dayOne = new Date(playground.clock.now() + DAY_MS).toISOString().slice(0, 10);
      await moveTo('10:00:00');
      for (let number = 0; number < customers; number += 1) {
        const customer = await newCustomer(sandbox, number % 2 === 0 ? 'messenger' : 'instagram');
        const guest = { ...customer, role: ROLES[number % ROLES.length] ?? 'stays' };
        guests.push(guest);
        await write(sandbox, guest, 'consulta');
      }
    }, PATIENCE_MS);

    afterAll(() => playground?.remove());

    const test = (name: string, run: () => Promise<void>) =>
      it(name, () => runWithLog(playground, run), 2 * PATIENCE_MS);

    test('each gets one confirmation, and who moves gets another with the new day', async () => {
      await until('Confirmado', customers);
      for (const guest of of('moves')) await write(playground.sandbox, guest, 'remarcar');
      for (const guest of of('cancels')) await write(playground.sandbox, guest, 'desmarcar');
      await until('Confirmado', customers + of('moves').length);
      for (const guest of guests) {
        const days = guest.role === 'moves' ? [1, 2] : [1];
        const wanted = days.map((day) => `Confirmado ${told(day)} 12:00`);
        expect(textsOf(guest, 'Confirmado')).toEqual(wanted);
      }
    });

    test('at noon each who still comes tomorrow gets one reminder, though n8n dies among them', async () => {
      await moveTo('12:00:02');
      await dieAndReturn('Lembrete', of('stays').length);
      for (const guest of guests) {
        const wanted = guest.role === 'stays' ? [`Lembrete ${told(1)} 12:00`] : [];
        expect(textsOf(guest, 'Lembrete')).toEqual(wanted);
      }
    });

    test('in the morning, before the window closes, each gets one word, though n8n dies among them', async () => {
      await moveTo('08:00:02', 1);
      await dieAndReturn('Ainda quer', guests.length);
      for (const guest of guests) expect(textsOf(guest, 'Ainda quer')).toHaveLength(1);
    });

    test('on the third day nobody has had anything twice, and no window is open for more', async () => {
      for (const hours of [12, 20, 36, 48]) await moveTo('00:00:02', hours / 24 + 1);
      await until('Confirmado', customers + of('moves').length);
      expect(count('Confirmado')).toBe(customers + of('moves').length);
      expect(count('Lembrete')).toBe(of('stays').length);
      expect(count('Ainda quer')).toBe(customers);
    });
  });
}

async function runWithLog(playground: TestPlayground, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(playground.n8n.logTail());
    throw error;
  }
}
