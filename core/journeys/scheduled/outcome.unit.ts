import type { SendResult } from '../../model';
import { noteOutcome } from '../../store/statements/sendOutcomes';
import { tenantUnit } from '../../store/unit';
import { outcomeOf } from './outcome';
import type { ScheduleSource } from './types';

/** Of keys of due moments: `journey/<journey key>/<Journey Message>`. */
const JOURNEY = /^journey\/([^:/]+):.*\/([^/]*)$/;

export interface OutcomeToNote {
  key: string;
  source: ScheduleSource;
  result: SendResult;
  /** When it was tried, epoch ms. */
  at: number;
}

/** Notes what became of a send, for the result of its journey or workflow. */
export const noteSendOutcome = tenantUnit(
  __filename,
  'noteSendOutcome',
  async (tx, { key, source, result, at }: OutcomeToNote): Promise<void> => {
    const [, journey = null, message = null] = JOURNEY.exec(key) ?? [];
    const outcome = {
      key,
      journey,
      message,
      workflow_id: source.workflowId ?? null,
      workflow_name: source.workflowName ?? null,
      node_name: source.nodeName ?? null,
      ...outcomeOf(result),
      contact_id: result.contactId ?? '',
      at,
    };
    // What another has sent already is that one's result.
    const isRepeat = result.duplicate === true || result.reason === 'already_sent';
    await noteOutcome(tx, outcome, isRepeat);
  },
  { durability: 'normal' },
);
