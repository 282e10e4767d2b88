import { anything, atLeast, flag, instant, instantOrNull, orNull, text, textOrNull } from './parts';

/** What an event tells of an appointment. */
export const appointment = atLeast(
  {
    appointmentId: { ...text, description: 'The same for every event of this appointment.' },
    externalId: { ...text, description: "The calendar's id of the event, or the row's own." },
    source: { enum: ['calendar', 'row'] },
    status: { enum: ['confirmed', 'tentative', 'cancelled', 'noShow'] },
    title: textOrNull,
    description: textOrNull,
    location: textOrNull,
    start: { ...instant, description: 'With the offset of its time zone.' },
    end: instant,
    allDay: flag,
    timeZone: text,
    date: { ...text, description: 'For texts: the day, by the clock of its time zone.' },
    time: { ...textOrNull, description: 'For texts: the hour; null for whole days.' },
    when: { ...text, description: 'For texts: weekday, day and hour in words.' },
    person: atLeast({
      contactId: textOrNull,
      name: textOrNull,
      phone: textOrNull,
      email: textOrNull,
    }),
    calendar: orNull(atLeast({ id: text, name: text, externalId: text })),
    recurringEventId: { ...textOrNull, description: 'Of an occurrence of a series.' },
    fields: { ...anything, description: 'What else the row had.' },
    createdAt: instant,
    updatedAt: instant,
    cancelledAt: instantOrNull,
    confirmedAt: {
      ...instantOrNull,
      description: 'When the person said that they come; null again when it is moved.',
    },
    changed: { type: 'array', items: text, description: 'What differs, of an update.' },
    previous: {
      ...orNull(atLeast({ start: instant, end: instant, title: textOrNull, status: text })),
      description: 'How it was, of an update.',
    },
  },
  // Events of before it was kept have none.
  ['confirmedAt'],
);
