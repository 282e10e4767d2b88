'use strict';

/*
 * Loaded into n8n's main process with NODE_OPTIONS=--require. While the file named in LOSE_ENDS_FILE exists, n8n looks
 * at the jobs of its queue only when they have ended and are gone, as on a busy machine: it then never learns of their
 * end.
 */

const fs = require('node:fs');
const Module = require('node:module');

const flag = process.env.LOSE_ENDS_FILE;
const LOOK_EVERY_MS = 50;
const load = Module._load;

Module._load = function loadAndDelay(request, parent, isMain) {
  const exported = load.call(this, request, parent, isMain);
  if (request === './job' && typeof exported?.prototype?.finished === 'function') delay(exported);
  return exported;
};

function delay(Job) {
  if (Job.looksLate) return;
  Job.looksLate = true;
  const { finished } = Job.prototype;
  Job.prototype.finished = async function finishedLate() {
    while (fs.existsSync(flag) && (await this.queue.getJob(this.id)) !== null) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return finished.call(this);
  };
}
