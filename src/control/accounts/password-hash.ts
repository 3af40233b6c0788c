/**
 * argon2id through Bun, one core's worth at a time: hashing is slow on purpose, and a flood of log-ins must not take
 * the machine away from the requests it relays.
 */
import { availableParallelism } from "node:os";
import { GapuraError } from "../../kernel/errors.ts";

/** OWASP's floor for argon2id: 19 MiB, two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const MAX_QUEUE = 32;
const MAX_WAIT_MS = 2_000;

export interface PasswordHasher {
  /** A PHC string. Rejects with too_many_attempts when too many wait already. */
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
  /** True for a hash made with weaker parameters than today's. */
  isOutdated(hash: string): boolean;
  /** How many hashes were computed or checked; for tests that compare work instead of time. */
  readonly computed: number;
}

export function createPasswordHasher(slots = Math.max(1, Math.floor(availableParallelism() / 2))): PasswordHasher {
  let busy = 0;
  let computed = 0;
  const queue: { start(): void }[] = [];

  function takeSlot(): Promise<void> {
    if (busy < slots) {
      busy++;
      return Promise.resolve();
    }
    if (queue.length >= MAX_QUEUE) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const waiting = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(tooMany());
      }, MAX_WAIT_MS);
      queue.push(waiting);
    });
  }

  /** A freed slot goes to whoever waits longest, without being free in between. */
  function giveSlot(): void {
    const next = queue.shift();
    if (next) next.start();
    else busy--;
  }

  async function inSlot<Result>(work: () => Promise<Result>): Promise<Result> {
    await takeSlot();
    computed++;
    try {
      return await work();
    } finally {
      giveSlot();
    }
  }

  return {
    hash: (password) =>
      inSlot(() =>
        Bun.password.hash(normal(password), { algorithm: "argon2id", memoryCost: MEMORY_KIB, timeCost: PASSES }),
      ),
    verify: (password, hash) => inSlot(() => Bun.password.verify(normal(password), hash).catch(() => false)),
    isOutdated: (hash) => {
      const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(hash);
      return match === null || Number(match[1]) < MEMORY_KIB || Number(match[2]) < PASSES;
    },
    get computed() {
      return computed;
    },
  };
}

/** The same characters typed on another keyboard are the same password. */
function normal(password: string): string {
  return password.normalize("NFC");
}

function tooMany(): GapuraError {
  return new GapuraError("too_many_attempts", { values: { seconds: 5 }, retryAfterSeconds: 5 });
}
