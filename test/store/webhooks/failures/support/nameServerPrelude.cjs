'use strict';

/*
 * Loaded before the dispatcher: names are asked of the name server at NAME_SERVER (address:port), over UDP, and what it
 * says arrives as the system's resolver would say it.
 */

const dns = require('node:dns');

const resolver = new dns.promises.Resolver({ timeout: 1_000, tries: 1 });
resolver.setServers([process.env.NAME_SERVER ?? '']);

/** How getaddrinfo names the same answers of a name server. */
const CODES = { ESERVFAIL: 'EAI_AGAIN', ETIMEOUT: 'EAI_AGAIN', ENODATA: 'ENOTFOUND' };

/** @type {any} */ (dns).lookup = (
  /** @type {string} */ hostname,
  /** @type {unknown} */ _options,
  /** @type {(error: Error | null, addresses?: { address: string, family: number }[]) => void} */ callback,
) => {
  resolver.resolve4(hostname).then(
    (addresses) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    (error) => {
      const code = CODES[/** @type {keyof typeof CODES} */ (error.code)] ?? error.code;
      callback(Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code }));
    },
  );
};
