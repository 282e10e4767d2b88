'use strict';

/*
 * Loaded into the playground's n8n with --require (so also into its worker threads, one of which is
 * the embedded store): `Date` is as far from real time as the file named in
 * OMNICHANNEL_PLAYGROUND_CLOCK says, in milliseconds. Timers, and how long something took, stay real.
 */

const fs = require('node:fs');
const Module = require('node:module');

/** A moved clock is seen this soon, in every thread; `clock.ts` waits for it. */
const LOOK_EVERY_MS = 20;

const file = process.env.OMNICHANNEL_PLAYGROUND_CLOCK;
const { readFileSync } = fs;
const realNow = Date.now.bind(Date);
let offset = 0;
let lookedAt = -Infinity;
let isLooking = false;

/** How far the clock is moved now, in milliseconds. */
function currentOffset() {
  const since = realNow() - lookedAt;
  // A machine whose own clock is set back must not keep us from looking.
  if ((since >= LOOK_EVERY_MS || since < 0) && !isLooking) look();
  return offset;
}

function look() {
  isLooking = true;
  try {
    const read = Number(readFileSync(file, 'utf8'));
    if (Number.isFinite(read)) offset = read;
  } catch {
    // No file: the clock was never moved.
  } finally {
    lookedAt = realNow();
    isLooking = false;
  }
}

/**
 * Moves `Date` of this realm. Its source is also run inside n8n's isolates for expressions, so it
 * may use nothing from outside.
 */
function moveDate(offsetNow) {
  const Real = Date;
  const machineNow = Real.now.bind(Real);
  const now = () => machineNow() + offsetNow();
  Real.now = now;
  globalThis.Date = new Proxy(Real, {
    apply: () => new Real(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  });
  Real.prototype.constructor = globalThis.Date;
}

/**
 * n8n evaluates `{{ $now }}` in isolates, whose contexts have a `Date` of their own. Classes and
 * instances of isolated-vm are frozen, so n8n gets an isolate that stands in front of the real one.
 * @returns isolated-vm as n8n shall see it
 */
function withMovedIsolates(ivm) {
  const source = `(${moveDate})($0)`;
  const moved = (context) => {
    context.evalClosureSync(source, [new ivm.Callback(currentOffset)]);
    return context;
  };
  const inFront = (isolate) => {
    const methods = {
      createContext: async (options) => moved(await isolate.createContext(options)),
      createContextSync: (options) => moved(isolate.createContextSync(options)),
    };
    return new Proxy(isolate, {
      get: (target, key) => {
        if (Object.hasOwn(methods, key)) return methods[key];
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  const Isolate = new Proxy(ivm.Isolate, {
    construct: (target, args) => inFront(new target(...args)),
  });
  return Object.create(ivm, { Isolate: { value: Isolate } });
}

if (file !== undefined) {
  moveDate(currentOffset);
  const load = Module._load;
  let isolates;
  Module._load = function loadAndMove(request, parent, isMain) {
    const exported = load.call(this, request, parent, isMain);
    if (request !== 'isolated-vm') return exported;
    isolates ??= withMovedIsolates(exported);
    return isolates;
  };
}
