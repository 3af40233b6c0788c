import { expect, test } from "bun:test";
import type { WorkerMessage } from "./role.ts";
import { Supervisor } from "./supervisor.ts";

function supervised(count: number) {
  const workers: { signals: string[]; tell(message: WorkerMessage): void; end(how: number | string): void }[] = [];
  const supervisor = new Supervisor({
    count,
    start: (_role, tell) => {
      const ended = Promise.withResolvers<number | string>();
      const signals: string[] = [];
      workers.push({ signals, tell, end: ended.resolve });
      return { pid: workers.length, ended: ended.promise, signal: (name) => void signals.push(name) };
    },
    print: () => {},
    note: () => {},
    nowMs: () => 0,
    wait: async () => {},
  });
  return { supervisor, workers };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test("a stop while the others are being started reaches each worker once, so that running answers are finished", async () => {
  const { supervisor, workers } = supervised(2);
  const started = supervisor.start();
  workers[0]?.tell({ kind: "ready" });
  await until(() => workers.length === 2);
  supervisor.signal("SIGTERM");
  workers[1]?.end("SIGTERM");
  workers[0]?.end(0);
  await started;
  expect(workers.map(({ signals }) => signals)).toEqual([["SIGTERM"], ["SIGTERM"]]);
});

test("nobody is started behind a stop, so that none outlives the supervisor", async () => {
  const { supervisor, workers } = supervised(4);
  const started = supervisor.start();
  supervisor.signal("SIGTERM");
  workers[0]?.tell({ kind: "ready" });
  workers[0]?.end(0);
  expect(await started).toBeNull();
  expect(workers).toHaveLength(1);
});
