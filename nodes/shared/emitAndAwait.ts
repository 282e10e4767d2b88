import type {
  IExecuteResponsePromiseData,
  INodeExecutionData,
  IRun,
  ITriggerFunctions,
} from 'n8n-workflow';
import type { Host } from '../../core/model/host';

/** Outcomes after which n8n has the run in its books: what follows is the workflow's or the admin's business. */
const HANDLED: ReadonlyArray<IRun['status']> = ['success', 'error', 'waiting', 'canceled'];

/** How long after a worker has told of the end of a run n8n may take to tell it itself. */
const TOLD_WITHIN_MS = 10_000;

/**
 * Starts one execution and waits until it has ended or parked. n8n's `emit` itself promises nothing: a process
 * killed in that tick leaves no execution.
 * @param mode in queue mode n8n can miss the end of a run for good: see endOnWorker
 * @throws Error when the run was not stored or crashed, so that the events are emitted again
 */
export async function emitAndAwait(
  context: ITriggerFunctions,
  items: INodeExecutionData[],
  mode: Host['executionsMode'] = 'regular',
): Promise<'handled'> {
  const done = context.helpers.createDeferredPromise<IRun>();
  if (mode === 'regular') {
    context.emit([items], undefined, done);
    mustBeHandled(await done.promise);
    return 'handled';
  }
  const answer = context.helpers.createDeferredPromise<IExecuteResponsePromiseData>();
  const onWorker = endOnWorker(context, answer.promise);
  context.emit([items], answer, done);
  try {
    const run = await Promise.race([done.promise, onWorker.ended]);
    mustBeHandled(run);
  } finally {
    onWorker.forget();
  }
  return 'handled';
}

/** n8n resolves with nothing when it refused the run before its first node and stored that as a failed execution. */
function mustBeHandled(run: IRun | undefined): void {
  if (run && !HANDLED.includes(run.status)) throw new Error(`The run ended as "${run.status}".`);
}

/**
 * The end of a run as its worker tells it. n8n forgets a job of its queue when it is finished, and its main process asks
 * about the end only after it has queued it: a worker that is quicker leaves it waiting for ever (read in 2.40.7: Bull's
 * `job.finished()` with `removeOnComplete: 0`). The worker's own message comes all the same; n8n gives it to whoever
 * waits for the answer of the workflow.
 */
function endOnWorker(
  { logger }: ITriggerFunctions,
  answer: Promise<IExecuteResponsePromiseData>,
): { ended: Promise<undefined>; forget(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isForgotten = false;
  const ended = new Promise<undefined>((resolve) => {
    const told = (value: unknown) => {
      if (isForgotten || !isEndOfJob(value)) return;
      timer = setTimeout(() => {
        logger.warn(
          'A run has ended on its worker, but n8n missed it; it counts as handled. N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED=1000 on every n8n process keeps n8n from missing it.',
        );
        resolve(undefined);
      }, TOLD_WITHIN_MS);
    };
    // Where it is rejected, the end of the run itself says why.
    answer.then(told, () => undefined);
  });
  return {
    ended,
    forget: () => {
      isForgotten = true;
      clearTimeout(timer);
    },
  };
}

/** Not what a Respond to Webhook node answers in the middle of a run: that has headers. */
function isEndOfJob(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const isSuccess = Object.keys(answer).length === 0;
  const isFailure = 'statusCode' in answer && answer.statusCode === 500 && !('headers' in answer);
  return isSuccess || isFailure;
}
