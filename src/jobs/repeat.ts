/** Work that comes back: one run at a time, the next one counted from the end of the last, failures reported. */
export interface RepeatOptions {
  everyMs: number;
  work(): Promise<void>;
  onFailure(error: unknown): void;
}

/** Runs the work after `everyMs` and again for ever. `stop` resolves when no run is under way any more. */
export function repeat(options: RepeatOptions): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(tick, options.everyMs);
  timer.unref();

  function tick(): void {
    running = options
      .work()
      .catch(options.onFailure)
      .then(() => {
        if (stopped) return;
        timer = setTimeout(tick, options.everyMs);
        timer.unref();
      });
  }

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
