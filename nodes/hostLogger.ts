import { LoggerProxy } from 'n8n-workflow';
import type { Host } from '../core/model/host';

/** n8n looks up who called its logger even where it then says nothing, which costs more than most of what we do. */
function saysDebug(): boolean {
  return DEBUG_LEVELS.has(process.env.N8N_LOG_LEVEL ?? '');
}

const DEBUG_LEVELS = new Set(['debug', 'silly']);

/** n8n's logger of this process, looked up at each call: n8n replaces it while it starts. */
export const hostLogger: Host['logger'] = {
  debug: (message, meta) => {
    if (saysDebug()) LoggerProxy.debug(message, meta);
  },
  info: (message, meta) => LoggerProxy.info(message, meta),
  warn: (message, meta) => LoggerProxy.warn(message, meta),
  error: (message, meta) => LoggerProxy.error(message, meta),
};
