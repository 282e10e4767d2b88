/** How the store of this n8n instance is chosen: environment, n8n's own PostgreSQL, or the embedded file. */
export type StoreTarget =
  | { kind: 'sqlite'; file: string }
  | {
      kind: 'postgres';
      /** Connection settings as `pg` takes them; either a URL or its parts. */
      connection:
        | { connectionString: string }
        | {
            host: string;
            port: number;
            database: string;
            user: string;
            password: string;
            ssl?:
              | { ca?: string; cert?: string; key?: string; rejectUnauthorized?: boolean }
              | undefined;
          };
      /** Our own schema inside that database. */
      schema: string;
      /** Where it came from, for messages: "OMNICHANNEL_DATABASE_URL", "n8n's own PostgreSQL", "the store credential". */
      source: string;
    };

export interface EncryptionKey {
  /** The secret that HKDF starts from; never logged. */
  secret: string;
  source: 'OMNICHANNEL_ENCRYPTION_KEY' | 'N8N_ENCRYPTION_KEY' | 'n8n config file' | 'credential';
}

export interface Logger {
  debug(message: string, meta?: Record<string, unknown>): void;
  info(message: string, meta?: Record<string, unknown>): void;
  warn(message: string, meta?: Record<string, unknown>): void;
  error(message: string, meta?: Record<string, unknown>): void;
}

/** What core needs to know of the place it runs in. `nodes/host.ts` is the only maker. */
export interface Host {
  store: StoreTarget;
  encryptionKey: EncryptionKey;
  /** n8n's execution mode: in `queue` an embedded store is refused. */
  executionsMode: 'regular' | 'queue';
  /**
   * A command that ends by itself (`n8n execute`), beside an n8n that may be running: it shares the embedded store for
   * that moment instead of being refused; absent = n8n itself.
   */
  isOneOff?: boolean;
  /** Base of n8n as this machine reaches it, e.g. `http://127.0.0.1:5678`. */
  localUrl: string;
  /** Base of where n8n resumes executions that wait; absent = `localUrl`. */
  waitingUrl?: string;
  /** Base of n8n as the world reaches it. */
  publicUrl: string;
  /**
   * Which addresses beside the public internet webhooks may be sent to, and which not (n8n's own N8N_SSRF_* variables);
   * absent = public addresses only.
   */
  egress?: { allowedHosts: string[]; allowedRanges: string[]; blockedRanges: string[] };
  /** What happens to a send while its account's limits cannot be read; absent = it goes uncounted. */
  uncountedSends?: 'allowed' | 'refused';
  /** Package version, for User-Agent and the registry. */
  version: string;
  logger: Logger;
}
