import { newRecordId } from '../ids.ts';
import { ControlError, isRecord } from '../http.ts';
import type { GraphErrorDetail } from '../graph/errors.ts';

const KINDS = [
  'failBefore',
  'failAfter',
  'cutBefore',
  'cutAfter',
  'delayBefore',
  'delayAfter',
  'holdBefore',
  'hold',
  'throttle',
] as const;

export type FaultKind = (typeof KINDS)[number];

/** What kind of call a fault is held against. `token` = the endpoints that give tokens. */
export interface FaultTarget {
  route: 'send' | 'token' | 'other';
  isRead: boolean;
  recipientId?: string;
}

const ROUTES = ['send', 'token', 'any'] as const;

/** A fault that waits for its call. */
export interface Fault {
  id: string;
  kind: FaultKind;
  /** Calls it still has to spoil. */
  remaining: number;
  /** `send` = POST .../messages with a message; `token` = exchanges and refreshes; `any` = every call. */
  route: (typeof ROUTES)[number];
  /** Only sends to this person. */
  recipientId?: string;
  error: GraphErrorDetail;
  delayMs?: number;
  /** Answer an HTML page with the error's status instead of the envelope. */
  html: boolean;
  /** False: the accepted message gets no echo webhook. */
  echo: boolean;
  /** Minutes for `estimated_time_to_regain_access`. */
  minutes: number;
  /** Calls that are being held right now. */
  held: number;
}

const DEFAULT_MESSAGES: Record<number, string> = {
  1: 'An unknown error occurred',
  2: 'Service temporarily unavailable',
  4: '(#4) Application request limit reached',
  17: '(#17) User request limit reached',
  32: '(#32) Page request limit reached',
  341: '(#341) Application limit reached',
  368: '(#368) The action attempted has been deemed abusive or is otherwise disallowed',
  613: '(#613) Calls to this api have exceeded the rate limit.',
  80001: '(#80001) There have been too many calls to this Page account. Wait a bit and try again.',
  80002:
    '(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.',
  80006:
    '(#80006) There have been too many calls to this Messenger account. Wait a bit and try again.',
};

/** The faults that tests have armed, in the order they were armed. */
export class FaultBoard {
  readonly #faults: Fault[] = [];
  readonly #holds = new Map<string, Set<() => void>>();

  /** Arms a fault from a control call. @throws ControlError for an unknown kind or field. */
  arm(body: Record<string, unknown>): Fault {
    const known = [
      'kind',
      'times',
      'route',
      'recipientId',
      'error',
      'delayMs',
      'html',
      'echo',
      'minutes',
    ];
    const wrong = Object.keys(body).find((key) => !known.includes(key));
    if (wrong !== undefined)
      throw new ControlError(`Unknown field ${wrong}. Known: ${known.join(', ')}.`);
    const kind = KINDS.find((item) => item === body.kind);
    if (kind === undefined) throw new ControlError(`kind must be one of ${KINDS.join(', ')}.`);
    const route =
      body.route === undefined
        ? kind === 'throttle'
          ? 'any'
          : 'send'
        : ROUTES.find((item) => item === body.route);
    if (route === undefined) throw new ControlError(`route must be one of ${ROUTES.join(', ')}.`);
    const fault: Fault = {
      id: newRecordId('flt'),
      kind,
      remaining: typeof body.times === 'number' ? body.times : 1,
      route,
      error: readError(body.error, kind === 'throttle' ? 4 : 2),
      html: body.html === true,
      echo: body.echo !== false,
      minutes: typeof body.minutes === 'number' ? body.minutes : 5,
      held: 0,
    };
    if (typeof body.recipientId === 'string') fault.recipientId = body.recipientId;
    if (typeof body.delayMs === 'number') fault.delayMs = body.delayMs;
    this.#faults.push(fault);
    return fault;
  }

  /** Takes the oldest armed fault of one of the kinds that fits the call, and uses it up by one. */
  take(kinds: readonly FaultKind[], call: FaultTarget): Fault | undefined {
    const fault = this.#faults.find(
      (item) =>
        item.remaining > 0 &&
        kinds.includes(item.kind) &&
        (item.route === 'any' || item.route === call.route) &&
        (item.recipientId === undefined || item.recipientId === call.recipientId),
    );
    if (fault !== undefined) fault.remaining -= 1;
    return fault;
  }

  list(): Fault[] {
    return this.#faults.filter((fault) => fault.remaining > 0 || fault.held > 0);
  }

  /** Waits for the fault's delay; a hold waits for its release, or for the delay when it has one. */
  async wait(fault: Fault): Promise<void> {
    const isHold = fault.kind === 'hold' || fault.kind === 'holdBefore';
    if (!isHold && fault.delayMs === undefined) return;
    fault.held += 1;
    const waiting = this.#holds.get(fault.id) ?? new Set<() => void>();
    this.#holds.set(fault.id, waiting);
    await new Promise<void>((resolve) => {
      const timer = fault.delayMs === undefined ? undefined : setTimeout(resolve, fault.delayMs);
      waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    fault.held -= 1;
  }

  /** Lets the calls go that a fault holds, and disarms it. @returns how many were held. */
  release(id: string): number {
    const fault = this.#faults.find((item) => item.id === id);
    if (fault === undefined) throw new ControlError(`There is no fault ${id}.`, 404);
    const { held } = fault;
    fault.remaining = 0;
    for (const letGo of this.#holds.get(id) ?? []) letGo();
    this.#holds.delete(id);
    return held;
  }

  /** Disarms everything and lets every held call go. */
  clear(): void {
    for (const fault of this.#faults) this.release(fault.id);
    this.#faults.length = 0;
  }
}

function readError(value: unknown, defaultCode: number): GraphErrorDetail {
  const given = isRecord(value) ? value : {};
  const code = typeof given.code === 'number' ? given.code : defaultCode;
  const detail: GraphErrorDetail = {
    code,
    message:
      typeof given.message === 'string'
        ? given.message
        : (DEFAULT_MESSAGES[code] ?? `(#${code}) The sandbox was told to answer so.`),
  };
  if (typeof given.subcode === 'number') detail.subcode = given.subcode;
  if (typeof given.status === 'number') detail.status = given.status;
  if (code === 1 || code === 2) detail.isTransient = true;
  if (typeof given.isTransient === 'boolean') detail.isTransient = given.isTransient;
  return detail;
}
