'use strict';

/*
 * Loaded into n8n with NODE_OPTIONS=--require by the kill tests. While the file named in
 * KILL_AT_EMIT_FILE exists, n8n dies (-9) in the very tick in which a trigger node of this package
 * has called `emit`: after n8n took the items, before anything about them can have been stored. The
 * file is removed first, so that the next start lives.
 */

const fs = require('node:fs');
const Module = require('node:module');

const flag = process.env.KILL_AT_EMIT_FILE;
const load = Module._load;

Module._load = function loadAndWatch(request, parent, isMain) {
  const exported = load.call(this, request, parent, isMain);
  if (request.endsWith('/trigger-context')) watchEmit(exported);
  return exported;
};

function watchEmit(triggerContext) {
  const { TriggerContext } = triggerContext;
  if (TriggerContext === undefined || TriggerContext.watchesEmit) return;
  triggerContext.TriggerContext = class extends TriggerContext {
    static watchesEmit = true;

    constructor(...args) {
      super(...args);
      const { emit } = this;
      if (!this.getNode().type.startsWith('n8n-nodes-omnichannel.')) return;
      this.emit = (...items) => {
        emit(...items);
        if (!fs.existsSync(flag)) return;
        fs.unlinkSync(flag);
        process.kill(process.pid, 'SIGKILL');
      };
    }
  };
}
