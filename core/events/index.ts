export { joinMessages, type Collecting } from './collect';
export { startConsumer } from './consumer';
export type { ActiveConsumer, EventDeps } from './deps';
export { startToHandOver, type HandedOver, type Stoppable } from './handOver';
export { matchesFilter, type ConsumerFilter } from './filter';
export { LONGEST_CATCH_UP_MS, type Consumer, type ConsumerOptions } from './options';
export { latestMatchingEvent, listEvents, type EventPage, type ListEventsQuery } from './read';
export { EVENT_SCHEMAS, firstFault, type JsonSchema } from './schemas';
