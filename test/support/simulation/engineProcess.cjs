'use strict';

/*
 * One process of the installation: the engine and its store as production runs them, on a clock that the parent moves and
 * with a provider that the parent plays. SIMULATION holds { target, secret, tenantId, workflows, abilities }.
 *
 * Its triggers look only when the parent lets time pass ("step"), and it says when there is nothing left to do at this
 * moment. Where it is told to die, it kills itself (-9) before, during or after the n-th piece of work with its store.
 */

const { createHash, randomUUID } = require('node:crypto');
const errors = require('../../../dist/core/model');
const { runScheduled, scheduleMessage } = require('../../../dist/core/journeys');
const { startJourneyTrigger } = require('../../../dist/core/journeys/due');
const { settleUnknownSends } = require('../../../dist/core/messaging/settle');
const { openStore } = require('../../../dist/core/store');

const { target, secret, tenantId, workflows, abilities } = JSON.parse(
  process.env.SIMULATION ?? '{}',
);

/** As in production: clockPreload.cjs moves it, in the threads as well. */
const clock = { now: () => Date.now() };
const silent = () => undefined;
const log =
  (/** @type {string} */ level) => (/** @type {unknown} */ text, /** @type {any} */ meta) =>
    process.send?.({ log: { text: `${level}: ${String(text)}`, meta } });
const logger = { debug: silent, info: silent, warn: silent, error: log('error') };

// ---- What the parent is asked --------------------------------------------------------------

/** @type {Map<number, { resolve: (answer: any) => void }>} */
const asked = new Map();
let questions = 0;

/** @returns {Promise<any>} */
function ask(/** @type {Record<string, unknown>} */ question) {
  questions += 1;
  const id = questions;
  return new Promise((resolve) => {
    asked.set(id, { resolve });
    process.send?.({ ask: id, ...question });
  });
}

// ---- Work with the store, which may be its last --------------------------------------------

/** @type {{ when: 'before' | 'during' | 'after', nth: number } | null} */
let end = null;
let pieces = 0;
let underWay = 0;

function die() {
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** @template R @param {() => Promise<R>} work @returns {Promise<R>} */
async function piece(work) {
  pieces += 1;
  const isLast = end !== null && pieces === end.nth;
  if (isLast && end?.when === 'before') die();
  underWay += 1;
  try {
    const working = work();
    if (isLast && end?.when === 'during') setImmediate(die);
    return await working;
  } finally {
    if (isLast && end?.when === 'after') die();
    underWay -= 1;
  }
}

// ---- Triggers that look when they may ------------------------------------------------------

/** @type {Map<string, { isOpen: boolean, open: () => void, opened: Promise<void> }>} */
const gates = new Map(
  workflows.map((/** @type {{ id: string }} */ { id }) => [triggerOf(id), closedGate()]),
);

function triggerOf(/** @type {string} */ id) {
  return `${id}:trigger`;
}

function closedGate() {
  const { promise, resolve } = Promise.withResolvers();
  return { isOpen: false, open: () => resolve(undefined), opened: /** @type {any} */ (promise) };
}

/** @param {any} args @param {() => Promise<any>} claim */
async function look(args, claim) {
  await gates.get(args.triggerId)?.opened;
  const claimed = await piece(claim);
  const isNothing = claimed.journeys.length + claimed.parked === 0;
  if (isNothing && !claimed.more && !claimed.gone) gates.set(args.triggerId, closedGate());
  return claimed;
}

function gatedStore(/** @type {any} */ store) {
  return {
    ...store,
    run: (/** @type {any} */ unit, /** @type {any} */ args) => piece(() => store.run(unit, args)),
    forTenant: (/** @type {string} */ id) => {
      const tenant = store.forTenant(id);
      return {
        tenantId: id,
        run: (/** @type {any} */ unit, /** @type {any} */ args) => {
          const work = () => tenant.run(unit, args);
          return unit.name === 'claimJourneys' ? look(args, work) : piece(work);
        },
      };
    },
  };
}

// ---- The provider, whom the parent plays ---------------------------------------------------

const FAILURES = {
  unavailable: () =>
    new errors.ProviderError('provider_unavailable', 'Try again later.', 'unavailable', 1, null),
  refused: () =>
    new errors.ProviderError('invalid_recipient', 'Nobody is there.', 'recipient', 100, null),
  unknown: () => new errors.OutcomeUnknownError('The connection was cut.'),
};

function providerOf(/** @type {string} */ id, /** @type {any} */ own) {
  return {
    id,
    abilities: (/** @type {string} */ channel) => (channel === own.channel ? own : undefined),
    checkContent: () => undefined,
    contentFingerprint: (/** @type {unknown} */ content) =>
      createHash('sha256').update(JSON.stringify(content)).digest('hex'),
    async recentMessages(/** @type {unknown} */ _connection, /** @type {string} */ recipient) {
      const { messages, fails } = await ask({ recent: { channel: own.channel, recipient } });
      if (fails) throw FAILURES.unavailable();
      return { messages, reachesBeginning: true };
    },
    async send(/** @type {unknown} */ _connection, /** @type {any} */ request) {
      const fingerprint = this.contentFingerprint(request.content);
      const answer = await ask({ send: { channel: own.channel, fingerprint, ...request } });
      if (answer.failure) throw FAILURES[/** @type {keyof FAILURES} */ (answer.failure)]();
      return { providerMessageId: answer.providerMessageId };
    },
    ...(own.channel === 'whatsapp' && {
      readRecipient(/** @type {string} */ text) {
        const digits = text.replace(/\D/g, '');
        return { externalId: digits, forms: [digits], phone: `+${digits}` };
      },
    }),
  };
}

const providers = new Map(Object.entries(abilities).map(([id, own]) => [id, providerOf(id, own)]));

// ---- Workflows -----------------------------------------------------------------------------

let runs = 0;

/** As a workflow of a trigger and a send does it; n8n's own "Retry On Fail" tries twice more. */
async function run(/** @type {any} */ ctx, /** @type {any} */ workflow, /** @type {any} */ item) {
  runs += 1;
  try {
    const { rejects } = await ask({ emitted: { workflow: workflow.id, item } });
    if (rejects) throw new Error('The run was not stored.');
    for (let tries = 0; tries < 3; tries += 1) {
      const result = await send(ctx, workflow, item);
      process.send?.({
        result: { workflow: workflow.id, key: item.journeyKey, at: Date.now(), result },
      });
      if (result.status !== 'failed' || !result.retryable) return;
    }
  } finally {
    runs -= 1;
  }
}

async function send(/** @type {any} */ ctx, /** @type {any} */ workflow, /** @type {any} */ item) {
  const { appointment } = item.journey;
  const phone = appointment?.person.phone;
  if (!item.contact && !phone) return { status: 'skipped', reason: 'no_connection' };
  const said = [workflow.id, item.journeyKey, appointment?.date ?? '', appointment?.time ?? ''];
  const places = said.map((text) => ({ kind: 'text', text }));
  const template = { name: workflow.id, language: 'pt_BR', category: workflow.category };
  try {
    return await scheduleMessage(ctx, {
      tenantId,
      ...(item.contact ? { contactId: item.contact.id } : { phone }),
      automatic: true,
      content: { type: 'text', text: said.join(' | ') },
      whenWindowClosed: {
        type: 'template',
        template: { ...template, body: places, buttons: [], cards: [] },
      },
      category: workflow.category,
      sender: `${workflow.id}/send`,
      idempotencyKey: `journey/${item.journeyKey}/${workflow.message}`,
      dueAt: Date.now(),
      ...(workflow.beforeStart && { beforeAt: Date.parse(appointment.start) }),
      conditions: {},
      why: 'quiet_hours',
      source: { workflowId: workflow.id },
    });
  } catch (error) {
    if (!(error instanceof errors.InvalidInputError)) throw error;
    return { status: 'skipped', reason: 'invalid_input', detail: error.message };
  }
}

// ---- Steps ---------------------------------------------------------------------------------

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function untilIdle() {
  for (let quiet = 0; quiet < 3; ) {
    await turn();
    const isLooking = [...gates.values()].some((gate) => gate.isOpen);
    if (isLooking || runs > 0 || underWay > 0) {
      quiet = 0;
      await new Promise((resolve) => setTimeout(resolve, 1));
    } else quiet += 1;
  }
}

async function step(/** @type {any} */ ctx, /** @type {any} */ how) {
  end = how;
  pieces = 0;
  for (const gate of gates.values()) {
    gate.isOpen = true;
    gate.open();
  }
  await untilIdle();
  // As their runners have it: what fails is tried again at the next look.
  await runScheduled(ctx).catch(log('warn'));
  await settleUnknownSends(ctx).catch(log('warn'));
  await untilIdle();
  // It had less to do than it was given.
  if (end) die();
  process.send?.({ idle: pieces });
}

(async () => {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    logger,
    clock,
  });
  const ctx = { store: gatedStore(store), providers, clock, logger, processId: randomUUID() };
  for (const workflow of workflows) {
    await startJourneyTrigger(ctx, {
      triggerId: triggerOf(workflow.id),
      tenantId,
      name: workflow.id,
      watch: workflow.watch,
      tuning: { pollMs: 1, backoffMs: { first: 5, most: 50 } },
      emit: (item) => run(ctx, workflow, item),
    });
  }
  process.on('message', (/** @type {any} */ told) => {
    if (told.step) void step(ctx, told.step.die);
    if (told.answer !== undefined) {
      asked.get(told.answer)?.resolve(told.value);
      asked.delete(told.answer);
    }
  });
  process.send?.({ started: true });
})();
