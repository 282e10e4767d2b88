import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { Collecting, Consumer, ConsumerFilter } from '../../core/events';
import type { App } from '../../core/runtime';
import { activeTriggers, type ActiveTrigger } from './activeTriggers';
import { emitAndAwait } from './emitAndAwait';
import { sentenceOf, toNodeError } from './errors';
import { core } from './loadCore';
import { openApp } from './openApp';
import { toExecutionData, withFiles } from './eventData';
import { isStoreAway, tryAgainLater } from './tryAgain';

const HOUR_MS = 60 * 60 * 1000;

/** A trigger's parameters, read once: in the background n8n's `getNodeParameter` throws. */
export interface TriggerSettings {
  tenantId: string;
  store: string | undefined;
  filter: ConsumerFilter;
  batchSize: number;
  catchUpHours: number;
  /** How long to wait for a fuller batch. */
  batchWaitMs: number;
  /** Messages of a conversation become one item. */
  collect?: Collecting | undefined;
  /** The files of messages go along as n8n's binary data. */
  downloadsFiles?: boolean | undefined;
}

/**
 * The `trigger()` of every node over the event log. Published, it consumes the log and keeps this process's
 * runtime alive; with nothing connected behind it, only the latter. In the editor it shows the newest matching
 * event and moves nothing.
 */
export async function consumeEvents(
  context: ITriggerFunctions,
  settings: TriggerSettings,
): Promise<ITriggerResponse> {
  return await runTrigger(context, {
    store: settings.store,
    show: async () => await showNewestEvent(context, settings),
    start: async (app) => await startConsumer(context, app, settings),
  });
}

/** What a trigger over the store does. */
export interface TriggerWork {
  store: string | undefined;
  /** In the editor: emits one item and moves nothing. */
  show(): Promise<void>;
  /** Published, and with something connected behind it. */
  start(app: App): Promise<Consumer>;
}

/** The `trigger()` of every node that emits what the store tells, see consumeEvents. */
export async function runTrigger(
  context: ITriggerFunctions,
  work: TriggerWork,
): Promise<ITriggerResponse> {
  try {
    return context.getMode() === 'manual'
      ? { manualTriggerFunction: async () => await work.show() }
      : await startWorking(context, work);
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

async function startWorking(
  context: ITriggerFunctions,
  work: TriggerWork,
): Promise<ITriggerResponse> {
  const id = triggerId(context);
  const base = once(async () => {
    const app = await openApp(context, work.store);
    return { app, runtime: await core.runtime.acquireRuntime(app) };
  });
  const consumer = once(async () => work.start((await base.get()).app));
  const isActive = () => activeTriggers().get(id) === trigger;
  const trigger: ActiveTrigger = {
    async ensureConsuming() {
      if (isActive()) await consumer.get();
    },
  };
  const start = async () => {
    await base.get();
    if (leadsSomewhere(context)) await trigger.ensureConsuming();
  };
  const close = async () => {
    if (isActive()) activeTriggers().delete(id);
    try {
      await (await consumer.made())?.stop();
    } finally {
      await (await base.made())?.runtime.release();
    }
  };
  activeTriggers().set(id, trigger);
  try {
    await start();
  } catch (error) {
    if (!isStart(context) || !isStoreAway(error)) {
      await close();
      throw toNodeError(context.getNode(), error);
    }
    context.logger.error(
      `${nameOf(context)} waits for its store and is tried again. ${sentenceOf(error)}`,
    );
    const { logger } = context;
    tryAgainLater(start, { logger, what: nameOf(context), isWanted: isActive });
  }
  return { closeFunction: close };
}

/** Makes a thing at the first call and remembers it; a failure is forgotten, so that the next call tries again. */
function once<T>(make: () => Promise<T>) {
  let present: Promise<T> | undefined;
  return {
    get(): Promise<T> {
      const attempt = (present ??= make());
      attempt.catch(() => {
        if (present === attempt) present = undefined;
      });
      return attempt;
    },
    /** What was made, if it was; waits for what is being made. */
    made: async (): Promise<T | undefined> => await present?.catch(() => undefined),
  };
}

/** Starting n8n or taking over from another main: nobody is at the screen to read an error. */
export function isStart(context: Pick<ITriggerFunctions, 'getActivationMode'>): boolean {
  return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

/** The trigger as the subject of a sentence in the log. */
export function nameOf(context: Pick<ITriggerFunctions, 'getNode' | 'getWorkflow'>): string {
  return `The trigger "${context.getWorkflow().name ?? ''}: ${context.getNode().name}"`;
}

async function startConsumer(
  context: ITriggerFunctions,
  app: App,
  settings: TriggerSettings,
): Promise<Consumer> {
  const { name: workflowName = '' } = context.getWorkflow();
  return await core.events.startConsumer(app, {
    consumerId: triggerId(context),
    tenantId: settings.tenantId,
    name: `${workflowName}: ${context.getNode().name}`,
    filter: settings.filter,
    batchSize: settings.batchSize,
    batchWaitMs: settings.batchWaitMs,
    collect: settings.collect,
    catchUpMs: settings.catchUpHours * HOUR_MS,
    emit: async (items) => {
      const data = settings.downloadsFiles
        ? await withFiles(context, app, items)
        : items.map(toExecutionData);
      return await emitAndAwait(context, data, app.host.executionsMode);
    },
  });
}

/** A consumer (and a door) is workflow id + node id: renaming either keeps its place in the log. */
export function triggerId(context: Pick<ITriggerFunctions, 'getNode' | 'getWorkflow'>): string {
  return `${context.getWorkflow().id ?? 'unsaved'}:${context.getNode().id}`;
}

/** Whether a node that is switched on is connected behind this one. */
export function leadsSomewhere(
  context: Pick<ITriggerFunctions, 'getNode' | 'getChildNodes'>,
): boolean {
  return context.getChildNodes(context.getNode().name).some(({ disabled }) => !disabled);
}

async function showNewestEvent(
  context: ITriggerFunctions,
  settings: TriggerSettings,
): Promise<void> {
  const app = await openApp(context, settings.store);
  const item = await core.events.latestMatchingEvent(app, settings.tenantId, settings.filter);
  if (!item) {
    throw new Error(
      'No event of this kind has happened yet. Send a message to a connected account (its trigger must be published), then try again.',
    );
  }
  // One message looks like several there, so that what follows can be built on it.
  const shown = settings.collect && item.message ? core.events.joinMessages([item]) : item;
  const data = settings.downloadsFiles
    ? await withFiles(context, app, [shown])
    : [toExecutionData(shown)];
  context.emit([data]);
}
