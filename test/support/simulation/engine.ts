import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { JourneyItem } from '../../../core/journeys/due';
import type {
  ChannelAbilities,
  OutboundContent,
  SendResult,
  StoreTarget,
} from '../../../core/model';
import type { RecentMessage } from '../../../core/providers/provider';
import type { SimulatedWorkflow } from './workflows';

/** Where a process kills itself: at the n-th piece of work with its store. */
export interface Death {
  when: 'before' | 'during' | 'after';
  nth: number;
}

/** A message as the provider gets it. */
export interface ProviderRequest {
  channel: string;
  fingerprint: string;
  recipientExternalId: string;
  content: OutboundContent;
  messageId: string;
}

/** What the other side of a process does. */
export interface Surroundings {
  emitted(workflow: string, item: JourneyItem): Promise<{ rejects: boolean }>;
  send(
    request: ProviderRequest,
    engine: EngineProcess,
  ): Promise<{ providerMessageId: string } | { failure: 'unavailable' | 'refused' | 'unknown' }>;
  recent(channel: string, recipient: string): { messages: RecentMessage[]; fails: boolean };
  result(workflow: string, key: string, at: number, result: SendResult): void;
  logged(text: string): void;
}

interface Said {
  started?: true;
  idle?: number;
  ask?: number;
  emitted?: { workflow: string; item: JourneyItem };
  send?: ProviderRequest;
  recent?: { channel: string; recipient: string };
  result?: { workflow: string; key: string; at: number; result: SendResult };
  log?: { text: string; meta: unknown };
}

export interface EngineSettings {
  target: StoreTarget;
  secret: string;
  tenantId: string;
  workflows: readonly SimulatedWorkflow[];
  abilities: Record<string, ChannelAbilities>;
  /** What its clock shows: see SimulatedTime. */
  clockFile: string;
}

const running = new Set<EngineProcess>();

/** For afterEach: a test that failed half way leaves its processes working. */
export async function endEngines(): Promise<void> {
  await Promise.all([...running].map((engine) => engine.kill()));
}

/** One process of the installation (engineProcess.cjs). */
export class EngineProcess {
  isAlive = true;
  readonly #child: ChildProcess;
  readonly #around: Surroundings;
  readonly #started = Promise.withResolvers<void>();
  #stepped: PromiseWithResolvers<'idle' | 'dead'> | undefined;

  private constructor(settings: EngineSettings, around: Surroundings) {
    this.#around = around;
    const { clockFile, ...simulation } = settings;
    this.#child = fork(path.resolve(__dirname, 'engineProcess.cjs'), {
      execArgv: ['--require', path.resolve(__dirname, 'clockPreload.cjs')],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        SIMULATION: JSON.stringify(simulation),
        SIMULATION_CLOCK: clockFile,
      },
    });
    this.#child.on('message', (said: Said) => void this.#hear(said));
    this.#child.once('close', () => {
      this.isAlive = false;
      running.delete(this);
      this.#started.reject(new Error('The process ended before it had started.'));
      this.#stepped?.resolve('dead');
    });
    running.add(this);
  }

  /** Resolves when its triggers wait. */
  static async start(settings: EngineSettings, around: Surroundings): Promise<EngineProcess> {
    const engine = new EngineProcess(settings, around);
    await engine.#started.promise;
    return engine;
  }

  /** Lets it do all there is to do at this moment. */
  async step(die: Death | null): Promise<'idle' | 'dead'> {
    if (!this.isAlive) return 'dead';
    this.#stepped = Promise.withResolvers();
    this.#tell({ step: { die } });
    return this.#stepped.promise;
  }

  /** -9 */
  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  #tell(message: object): void {
    // It may die at any moment: what is on its way to it then is lost, as it is meant to be.
    if (this.isAlive && this.#child.connected) this.#child.send(message, () => undefined);
  }

  async #hear(said: Said): Promise<void> {
    const around = this.#around;
    if (said.started) this.#started.resolve();
    if (said.idle !== undefined) this.#stepped?.resolve('idle');
    if (said.log) around.logged(`${said.log.text} ${JSON.stringify(said.log.meta)}`);
    if (said.result) {
      const { workflow, key, at, result } = said.result;
      around.result(workflow, key, at, result);
    }
    if (said.ask === undefined) return;
    this.#tell({ answer: said.ask, value: await this.#answer(said) });
  }

  async #answer({ emitted, send, recent }: Said): Promise<unknown> {
    if (emitted) return this.#around.emitted(emitted.workflow, emitted.item);
    if (send) return this.#around.send(send, this);
    return recent && this.#around.recent(recent.channel, recent.recipient);
  }
}
