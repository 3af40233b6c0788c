/** What a worker has of its supervisor: somebody to tell, and somebody without whom it stops. */
import type { WorkerMessage } from "./role.ts";

export interface SupervisorLink {
  tell(message: WorkerMessage): void;
  /** Resolves when the supervisor has gone, however it went. */
  gone: Promise<void>;
  /** Ends the link, so that the process can end. */
  close(): void;
}

export function linkToSupervisor(): SupervisorLink {
  const gone = Promise.withResolvers<void>();
  process.once("disconnect", () => gone.resolve());
  return {
    tell: (message) => {
      // Who has just gone is told nothing; `gone` says so.
      if (process.connected) process.send?.(message);
    },
    gone: gone.promise,
    close: () => {
      if (process.connected) process.disconnect?.();
    },
  };
}
