/**
 * Everything that official clients do, against a server of their own, counted; and how many bytes of a request differ
 * when it passes through to a provider of the same dialect.
 */
import { scenarios } from "../test/clients/scenarios/all.ts";
import type { Surroundings } from "../test/clients/scenarios/scenario.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { changedBytes, typicalRequests } from "./support/changed-bytes.ts";
import { createKey, readDatabase, startGapura } from "./support/gapura-server.ts";
import { makeFolder } from "./support/processes.ts";

const LEFT_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

export const clientsBench: Bench = {
  name: "clients",
  summary: "operations of the official clients that work unchanged, and bytes changed on a pass-through",
  run,
};

async function run({ note }: BenchOptions): Promise<BenchReport> {
  const dataDir = makeFolder();
  const apiKey = await createKey(dataDir);
  const managementKey = await createKey(dataDir, ["--management"]);
  const gapura = startGapura(dataDir, { LOCAL_PROVIDERS: "off", PAYLOAD_LOGGING: "on" });
  const around: Surroundings = {
    url: await gapura.listening(),
    apiKey,
    managementKey,
    sawClientLeave: watcherOf(dataDir),
  };
  const failures: { client: string; operation: string; reason: string }[] = [];
  for (const { client, operation, run: runScenario } of scenarios) {
    try {
      await runScenario(around);
    } catch (error) {
      failures.push({ client, operation, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  note(operationsTable(failures));
  const figures: Figure[] = [
    { figure: "operations_passed", value: scenarios.length - failures.length, unit: "operations", n: scenarios.length },
    { figure: "operations_total", value: scenarios.length, unit: "operations", n: scenarios.length },
  ];
  for (const request of typicalRequests()) {
    const { bytes, changed } = changedBytes(request);
    note(`${request.name}: ${changed} of ${bytes} bytes are others than the client's.`);
    figures.push({ figure: `${request.name}_changed_bytes`, value: changed, unit: "bytes", n: 1 });
  }
  const broken = failures.map(({ client, operation, reason }) => `${client}, ${operation}: ${reason}`);
  return { figures, broken };
}

/** Waits until the database holds a call that its client left, one more than before. */
function watcherOf(dataDir: string): Surroundings["sawClientLeave"] {
  const known = new Set<string>();
  return async (generationId) => {
    const untilMs = performance.now() + LEFT_WITHIN_MS;
    while (performance.now() < untilMs) {
      const ids = readDatabase(dataDir, (database) =>
        database.query<{ id: string }, []>("select id from usage where cancelled = 1").all(),
      );
      const left = ids.find(({ id }) => !known.has(id) && (generationId === "" || id === generationId));
      if (left) {
        known.add(left.id);
        return;
      }
      await Bun.sleep(LOOK_EVERY_MS);
    }
    throw new Error("the gateway did not notice that the client left");
  };
}

/** A row for each operation, a column for each client. */
function operationsTable(failures: readonly { client: string; operation: string }[]): string {
  const clients = [...new Set(scenarios.map(({ client }) => client))];
  const operations = [...new Set(scenarios.map(({ operation }) => operation))];
  const cell = (client: string, operation: string): string => {
    if (!scenarios.some((one) => one.client === client && one.operation === operation)) return "-";
    return failures.some((one) => one.client === client && one.operation === operation) ? "FAILED" : "ok";
  };
  const width = Math.max(...operations.map((operation) => operation.length));
  const rows = operations.map((operation) =>
    [operation.padEnd(width), ...clients.map((client) => cell(client, operation).padEnd(client.length))].join("  "),
  );
  return [[" ".repeat(width), ...clients].join("  "), ...rows].join("\n");
}
