/** What a trigger holds of what it started. */
export interface Stoppable {
  /** Starts nothing more from this moment on. */
  stop(): Promise<void>;
}

/** What runs for a trigger as a newer copy of the package sees it. These names must never change. */
export interface HandedOver<Options> {
  /** Stops claiming, and resolves like stop(). */
  pause(): Promise<void>;
  /** Goes on under what `start` makes of the same options; its holder's stop() ends that one. */
  resume(start: (options: Options) => Promise<Stoppable>): Promise<void>;
}

/**
 * Starts something that a newer copy of the package can take over while its holder, a published trigger, knows nothing of
 * it (core/runtime/app.ts).
 * @param running where it is listed while it runs
 */
export async function startToHandOver<Options>(
  running: Set<HandedOver<Options>> | undefined,
  options: Options,
  start: (options: Options) => Promise<Stoppable>,
): Promise<Stoppable> {
  let current = await start(options);
  let isStopped = false;
  const hasStopped = () => isStopped;
  const handedOver: HandedOver<Options> = {
    pause: () => current.stop(),
    resume: async (startAnew) => {
      if (hasStopped()) return;
      current = await startAnew(options);
      // Stopped while the other was starting: the stop reached only the paused one.
      if (hasStopped()) await current.stop();
    },
  };
  running?.add(handedOver);
  return {
    stop: async () => {
      isStopped = true;
      running?.delete(handedOver);
      await current.stop();
    },
  };
}
