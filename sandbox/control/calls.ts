const KEPT_CALLS = 5000;

/** One call to the Graph, as tests and the phone page see it. */
export interface GraphCall {
  id: number;
  at: number;
  method: string;
  path: string;
  /** Query and body together, without token and proof. */
  params: Record<string, unknown>;
  /** 0 when the connection was cut. */
  status: number;
  /** `code` and `error_subcode` of a refusal. */
  code?: number;
  subcode?: number;
  message?: string;
  durationMs: number;
}

/** The last calls, newest last. */
export class CallLog {
  readonly #calls: GraphCall[] = [];
  readonly #onCall: (call: GraphCall) => void;
  #count = 0;

  constructor(onCall: (call: GraphCall) => void) {
    this.#onCall = onCall;
  }

  add(call: Omit<GraphCall, 'id'>): void {
    this.#count += 1;
    const entry = { id: this.#count, ...call };
    this.#calls.push(entry);
    if (this.#calls.length > KEPT_CALLS) this.#calls.shift();
    this.#onCall(entry);
  }

  /** Calls after an id, of a path that contains a text. */
  list(afterId = 0, pathContains = ''): GraphCall[] {
    return this.#calls.filter((call) => call.id > afterId && call.path.includes(pathContains));
  }

  clear(): void {
    this.#calls.length = 0;
  }
}
