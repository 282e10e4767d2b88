import { OmnichannelError, StoreError, type StoreErrorCode } from '../../model';
import { errorFacts } from '../errorFacts';

/** Node's codes for a server that cannot be reached, or whose connection was cut. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
]);

/** Texts of the driver, which gives these errors no code. */
const CUT_CONNECTION =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client was closed|not queryable/i;

const TLS_CODE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_|EPROTO)/;

interface Treatment {
  code: StoreErrorCode;
  retryable: boolean;
  sentence(where: string, message: string): string;
  hint?: string;
}

const UNAVAILABLE: Treatment = {
  code: 'store_unavailable',
  retryable: true,
  sentence: (where, message) => `The PostgreSQL server of ${where} does not answer (${message}).`,
  hint: 'Check that the server runs and can be reached from this machine; work goes on by itself as soon as it answers.',
};

const misconfigured = (hint: string): Treatment => ({
  code: 'store_misconfigured',
  retryable: false,
  sentence: (where, message) => `PostgreSQL refused ${where}: ${message}.`,
  hint,
});

const DAMAGED: Treatment = {
  code: 'store_corrupt',
  retryable: false,
  sentence: (where, message) => `The PostgreSQL server reports damage in ${where}: ${message}.`,
  hint: 'Stop n8n and restore a backup of the database.',
};

const INTERNAL: Treatment = {
  code: 'store_unavailable',
  retryable: true,
  sentence: (where, message) => `The PostgreSQL server of ${where} failed inside: ${message}.`,
  hint: "Look into that server's log, and at its disk. Work goes on by itself once it is well.",
};

/** PostgreSQL's error codes (Appendix A of its manual): a whole code, or the two characters of its class. */
const TREATMENTS: Record<string, Treatment> = {
  '08': UNAVAILABLE,
  '57P01': UNAVAILABLE,
  '57P02': UNAVAILABLE,
  '57P03': UNAVAILABLE,
  '57P05': UNAVAILABLE,
  '25006': {
    ...UNAVAILABLE,
    sentence: (where) =>
      `The PostgreSQL server of ${where} takes no writes at present (it is read-only).`,
    hint: 'During a failover this ends by itself; otherwise connect to the primary server.',
  },
  '53': {
    ...UNAVAILABLE,
    sentence: (where, message) => `The PostgreSQL server of ${where} is at its limits: ${message}.`,
    hint: 'Give it more connections or memory.',
  },
  '53100': {
    code: 'store_full',
    retryable: true,
    sentence: (where) =>
      `The disk of the PostgreSQL server of ${where} is full. The last work was undone.`,
    hint: 'Free some space there; work goes on by itself afterwards.',
  },
  '28': misconfigured('Check user and password.'),
  '3D000': misconfigured('Create that database, or correct its name.'),
  '3F000': misconfigured('Create that schema, or correct its name.'),
  '42501': misconfigured(
    'Give the user the right to create a schema in this database, or make it the owner of the schema.',
  ),
  '55P03': lockedBy('another session holds a lock'),
  '40': lockedBy('other sessions changed the same rows each time'),
  '57014': {
    code: 'store_failed',
    retryable: true,
    sentence: (where) => `A statement on ${where} took too long and was cancelled.`,
  },
  '25P03': {
    code: 'store_failed',
    retryable: true,
    sentence: (where) => `A unit of work on ${where} stood still for too long and was undone.`,
  },
  // An operation of the server's system failed: its disk, mostly.
  '58': INTERNAL,
  XX000: INTERNAL,
  XX001: DAMAGED,
  XX002: DAMAGED,
  '23': {
    code: 'store_failed',
    retryable: false,
    sentence: (_where, message) => `The database refused a row: ${message}.`,
  },
};

function lockedBy(reason: string): Treatment {
  return {
    code: 'store_locked',
    retryable: true,
    sentence: (where) => `${where} is busy: ${reason}.`,
  };
}

const FAILED: Treatment = {
  code: 'store_failed',
  retryable: false,
  sentence: (_where, message) => `A statement or unit of work failed: ${message}.`,
};

/** True when the connection is gone or in an unknown state, and must not go back to the pool. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = errorFacts(error);
  return (
    NETWORK_CODES.has(code) ||
    CUT_CONNECTION.test(message) ||
    code.startsWith('08') ||
    ['57P01', '57P02', '57P03', '57P05', '25P03'].includes(code)
  );
}

/** True when PostgreSQL undid the transaction only because of what ran beside it: it may run again at once. */
export function isSerializationFailure(error: unknown): boolean {
  const { code } = errorFacts(error);
  return code === '40001' || code === '40P01';
}

/**
 * What went wrong with the server, as a typed error with the remedy. An OmnichannelError passes unchanged.
 * PostgreSQL's `detail` is left out: it quotes the values of rows.
 * @param where host, database and schema, without a password
 */
export function translatePostgresError(error: unknown, where: string): OmnichannelError {
  if (error instanceof OmnichannelError) return error;
  const { message, code } = errorFacts(error);
  const treatment = findTreatment(code, message);
  return new StoreError(treatment.code, treatment.sentence(where, message), treatment.retryable, {
    cause: error,
    details: { where, ...(code ? { code } : {}) },
    ...(treatment.hint ? { hint: treatment.hint } : {}),
  });
}

function findTreatment(code: string, message: string): Treatment {
  if (NETWORK_CODES.has(code)) return UNAVAILABLE;
  if (TLS_CODE.test(code) || /does not support SSL/i.test(message)) {
    return misconfigured(
      'Check the SSL settings: certificate authority, or SSL switched on at all.',
    );
  }
  if (/password must be a string|no password supplied/i.test(message)) {
    return misconfigured('Check user and password.');
  }
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return TREATMENTS[code] ?? TREATMENTS[code.slice(0, 2)] ?? FAILED;
  }
  return CUT_CONNECTION.test(message) ? UNAVAILABLE : FAILED;
}
