import { Deck } from '../../support/simulation/deck';
import { Ledger, type Person } from '../../support/simulation/ledger';
import { SPANS } from '../../support/simulation/life';
import { judge } from '../../support/simulation/oracle';
import { DAY, HOUR, MINUTE } from '../../support/simulation/reference';

describe('The oracle of the simulation', () => {
  const span = SPANS.march2027(30);
  /** 14:00 in São Paulo. */
  const booked = span.from + DAY + 17 * HOUR;
  const person: Person = {
    number: 1,
    kind: 'whatsapp',
    name: 'Cliente 1',
    zone: null,
    phone: '+5511980000001',
    messengerId: null,
    birthday: null,
    agrees: true,
    contactIds: { whatsapp: 'contact-1' },
  };

  /** An appointment that is made in the middle of a look and cancelled an hour later, and the looks that follow. */
  function missingAfter(looks: number[]): string[] {
    const ledger = new Ledger();
    ledger.people.push(person);
    const appointment = { externalId: '1', id: 'appointment-1', person, zone: 'America/Sao_Paulo' };
    const start = booked + 2 * DAY;
    const state = { end: start + HOUR, bookedAt: booked };
    const look = (at: number) => ledger.handled.push({ at, seq: ledger.next(), until: at });
    look(booked);
    const made = { ...state, seq: ledger.next(), at: booked, start };
    for (const at of looks) look(at);
    const cancelled = { ...state, seq: ledger.next(), at: booked + HOUR, start: null };
    look(booked + HOUR);
    ledger.appointments.push({ ...appointment, states: [made, cancelled] });
    return judge({ ledger, span, claims: [] }).unexplained;
  }

  it('asks for no message of what was made after the last look at it had begun', () => {
    expect(missingAfter([])).toEqual([]);
  });

  it('asks for the message of what a look could see', () => {
    expect(missingAfter([booked + MINUTE])).toEqual([
      expect.stringContaining('"confirmation" (appointmentCreated:appointment-1:'),
    ]);
  });
});

describe('A deck of chances', () => {
  it('deals each as often as it holds it, round after round', () => {
    const deck = new Deck(
      () => 0.5,
      [
        ['often', 3],
        ['seldom', 1],
      ],
    );
    const drawn = Array.from({ length: 8 }, () => deck.draw());
    expect(drawn.slice(0, 4).toSorted()).toEqual(['often', 'often', 'often', 'seldom']);
    expect(drawn.slice(4).toSorted()).toEqual(['often', 'often', 'often', 'seldom']);
  });
});
