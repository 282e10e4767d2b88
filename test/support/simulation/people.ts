import type { Happening, Ledger, Person, Request, SimulatedChannel } from './ledger';

/** Whether two channels of a person are one contact to the product at a moment. */
export function isOneContact(
  ledger: Ledger,
  person: Person,
  channels: readonly [SimulatedChannel, SimulatedChannel],
  seq: number,
): boolean {
  const merge = ledger.mergedAt(person);
  return channels[0] === channels[1] || (merge !== undefined && merge.seq < seq);
}

/** The opt-out that stands in the way of a message, if there is one. */
export function wantsNone(
  ledger: Ledger,
  { person, channel, seq }: Pick<Request, 'person' | 'channel' | 'seq'>,
  isMarketing: boolean,
): Happening | undefined {
  return ledger.happenings.find(
    (one) =>
      one.what === 'optOut' &&
      one.person === person &&
      one.seq < seq &&
      (isMarketing || one.purpose === 'messages') &&
      isOneContact(ledger, one.person, [one.channel, channel], seq),
  );
}
