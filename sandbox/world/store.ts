import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { writeFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeApp, seedWorld } from '../seed.ts';
import type { WorldState } from '../model.ts';
import type { WhatsAppState } from '../whatsapp/model.ts';

const SAVE_DELAY_MS = 150;

/**
 * Holds the one state object. With a folder it is also a JSON file there, written to a neighbour and
 * renamed, so that a killed process leaves the old file or the new one and never half of one.
 */
export class WorldStore {
  state: WorldState;
  readonly #file: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @throws Error when the file in the folder is not a state of this sandbox. */
  constructor(stateDir?: string) {
    this.#file = stateDir === undefined ? undefined : join(stateDir, 'sandbox-state.json');
    if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true });
    this.state = withPlainTables(this.#load() ?? seedWorld(Date.now()));
  }

  /** Milliseconds of the sandbox's clock. */
  now(): number {
    return Date.now() + this.state.clockOffsetMs;
  }

  /** Notes that something changed; the file follows within a moment. */
  changed(): void {
    if (this.#file === undefined || this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, SAVE_DELAY_MS);
  }

  /** Forgets everything and starts from the seed again. */
  reset(): void {
    this.state = withPlainTables(seedWorld(Date.now()));
    this.changed();
  }

  /** Writes what is pending; afterwards the file holds the last state, whatever still changes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.state));
    renameSync(`${this.#file}.new`, this.#file);
  }

  async #write(): Promise<void> {
    if (this.#file === undefined) return;
    await writeFile(`${this.#file}.new`, JSON.stringify(this.state));
    await rename(`${this.#file}.new`, this.#file);
  }

  #load(): WorldState | undefined {
    if (this.#file === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const parsed = parseJson(text) as Partial<WorldState> | undefined;
    if (parsed?.format !== 1) {
      throw new Error(
        `${this.#file} is not a sandbox state of format 1. Delete it to start from the seed.`,
      );
    }
    return completed(parsed);
  }
}

/** What the seed has and the file of an earlier version lacks is added; what the file has stays. */
function completed(loaded: Partial<WorldState>): WorldState {
  const seed = seedWorld(Date.now());
  const state: WorldState = { ...seed, ...loaded };
  state.settings = { ...seed.settings, ...loaded.settings };
  state.apps = { ...seed.apps, ...loaded.apps };
  for (const [id, app] of Object.entries(state.apps)) {
    state.apps[id] = { ...makeApp(app), ...seed.apps[id], ...app };
  }
  state.whatsApp = completedWhatsApp(seed.whatsApp, loaded.whatsApp);
  state.google = { ...seed.google, ...loaded.google };
  for (const table of [
    'pages',
    'instagramAccounts',
    'personas',
    'users',
    'tokens',
    'posts',
  ] as const) {
    Object.assign(state, { [table]: { ...seed[table], ...loaded[table] } });
  }
  for (const account of Object.values(state.instagramAccounts)) {
    account.scopedId ??= account.id.replace(/^17841/, '26100');
    account.accountType ??= 'BUSINESS';
  }
  return state;
}

function completedWhatsApp(seed: WhatsAppState, loaded: WhatsAppState | undefined): WhatsAppState {
  return {
    ...seed,
    ...loaded,
    businesses: { ...seed.businesses, ...loaded?.businesses },
    numbers: { ...seed.numbers, ...loaded?.numbers },
  };
}

/** Ids come from callers: a table must not answer to `constructor` or `__proto__`. */
function withPlainTables(state: WorldState): WorldState {
  const tables: unknown[] = [
    ...Object.values<unknown>({ ...state }),
    ...Object.values<unknown>({ ...state.whatsApp }),
    ...Object.values<unknown>({ ...state.notificaMe }),
    ...Object.values<unknown>({ ...state.google }),
  ];
  for (const table of tables) {
    if (typeof table === 'object' && !Array.isArray(table)) Object.setPrototypeOf(table, null);
  }
  return state;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
