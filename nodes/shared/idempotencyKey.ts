import { createHash, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { isJourneySendKey, journeySendKey } from '../../core/model/journeyKey';
import { ancestorFinder, type Ancestor, type ItemView } from './ancestor';

/** The field *Send Again?* and the parameter `idempotencyKey`, as the admin set them. */
export interface SendAgain {
  sendAgain?: 'oncePerEvent' | 'everyRun' | undefined;
  idempotencyKey?: string | undefined;
  /** The field *Journey Message*: which of the messages of a due moment this is. */
  journeyMessage?: string | undefined;
}

/** Who sends, where the key is that of a due moment: another sender is told that the message was sent. */
export function senderOf(context: IExecuteFunctions, key: string): string | undefined {
  if (!isJourneySendKey(key)) return undefined;
  return `${context.getWorkflow().id ?? 'unsaved'}/${context.getNode().id}`;
}

/** What this node keeps in the execution's own context, which n8n stores with the execution and hands to a retry. */
interface NodeMemory {
  /** The first execution's id: a retried execution has another one but must find the same keys. */
  omnichannelExecution?: string;
  /** By run index: the ancestors whose items came in that run. */
  omnichannelRuns?: Record<string, string[]>;
}

/**
 * Makes the idempotency keys of one run of a sending node.
 *
 * Workflow + node + round + event + ordinal. The event is reached through paired items. *Round* is the run index
 * counted among the runs in which this event had items: with the plain run index a loop over a batch would give
 * an event another key when, after a crash, it comes again in another company. *Ordinal* counts the items of
 * this run that go back to the same event.
 *
 * A moment that is due (a journey key) with the field *Journey Message*: that key and the field alone, so that it is sent
 * once whichever node or workflow comes first.
 *
 * Without an event: workflow + node + run index + execution + item index, which survives n8n's own retries but
 * not an event that is emitted again. Test runs in the editor always use this, so that pressing the button again
 * sends again and nothing of production is touched.
 */
export function idempotencyKeys(
  context: IExecuteFunctions,
): (itemIndex: number, choice: SendAgain, content: unknown) => string {
  const prefix = [context.getWorkflow().id ?? 'unsaved', context.getNode().id];
  const find = ancestorFinder(context);
  const memory = context.getContext('node') as NodeMemory;
  const execution = (memory.omnichannelExecution ??= executionOf(context));
  const items = context.getInputData();
  const ancestors = items.map((_, index) => find(() => viewOf(context, index)));
  const runIndex = items.length === 0 ? 0 : viewOf(context, 0).$runIndex;
  const rounds = countRounds(memory, runIndex, ancestors);
  const ordinals = ordinalsOf(ancestors);
  const isTest = context.getMode() === 'manual';

  return (itemIndex, { sendAgain, idempotencyKey, journeyMessage }, content) => {
    const own = idempotencyKey?.trim();
    if (own) return `own/${own}`;
    const ancestor = ancestors[itemIndex];
    if (!ancestor || isTest || sendAgain === 'everyRun') {
      return [...prefix, runIndex, `execution-${execution}`, itemIndex].join('/');
    }
    if (ancestor.isJourney && journeyMessage !== undefined) {
      return journeySendKey(ancestor.key, journeyMessage.trim() || 'main');
    }
    const round = rounds.get(ancestor.key) ?? 0;
    const key = [...prefix, round, ancestor.key, ordinals[itemIndex]];
    // Each call of a sub-workflow is an execution of its own: what tells two calls for one event apart is the text.
    if (ancestor.throughSubworkflow) key.push(digest(content));
    return key.join('/');
  };
}

/** n8n's proxy is typed as a bag of anything; `$` and `$runIndex` are its documented names. */
function viewOf(context: IExecuteFunctions, itemIndex: number): ItemView {
  return context.getWorkflowDataProxy(itemIndex) as unknown as ItemView;
}

function executionOf(context: IExecuteFunctions): string {
  const id: string | undefined = context.getExecutionId();
  return id || randomUUID();
}

/** Writes down which ancestors came in this run and counts the earlier runs of each. A retried run overwrites itself. */
function countRounds(
  memory: NodeMemory,
  runIndex: number,
  ancestors: Array<Ancestor | undefined>,
): Map<string, number> {
  const keys = [...new Set(ancestors.flatMap((ancestor) => (ancestor ? [ancestor.key] : [])))];
  const runs = (memory.omnichannelRuns ??= {});
  runs[String(runIndex)] = keys;
  const earlier = Object.entries(runs).filter(([index]) => Number(index) < runIndex);
  return new Map(
    keys.map((key) => [key, earlier.filter(([, seen]) => seen.includes(key)).length] as const),
  );
}

/** For each item, how many before it go back to the same event. */
function ordinalsOf(ancestors: Array<Ancestor | undefined>): number[] {
  const seen = new Map<string | undefined, number>();
  return ancestors.map((ancestor) => {
    const ordinal = seen.get(ancestor?.key) ?? 0;
    seen.set(ancestor?.key, ordinal + 1);
    return ordinal;
  });
}

function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
