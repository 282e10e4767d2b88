export {
  cancelScheduled,
  getScheduled,
  listScheduled,
  rescheduleMessage,
  type ListScheduledInput,
  type RescheduleInput,
} from './manage';
export { runScheduled } from './runner';
export { scheduleMessage } from './schedule';
export { sendNoted, type NotedSend } from './sendNoted';
export type {
  ScheduleConditions,
  ScheduledItem,
  ScheduleMessageInput,
  ScheduleSource,
  ScheduleWhy,
} from './types';
