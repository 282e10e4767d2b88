'use strict';

/*
 * For node's --require, in a process and in its threads: every clock of theirs shows what stands in SIMULATION_CLOCK, a
 * file with one number that the test writes. Timers stay real.
 */

const fs = require('node:fs');

const { SIMULATION_CLOCK: file } = process.env;
if (file) {
  const handle = fs.openSync(file, 'r');
  const bytes = Buffer.alloc(8);
  const RealDate = Date;

  class SimulatedDate extends RealDate {
    constructor(/** @type {any[]} */ ...parts) {
      if (parts.length === 0) super(SimulatedDate.now());
      // @ts-expect-error Whatever a Date is made of.
      else super(...parts);
    }

    static now() {
      fs.readSync(handle, bytes, 0, 8, 0);
      return bytes.readDoubleLE(0);
    }
  }
  // @ts-expect-error Nobody here calls Date as a function.
  globalThis.Date = SimulatedDate;
}
