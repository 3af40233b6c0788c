/** Programs written for OpenAI, Anthropic or OpenRouter work unchanged but for address and key. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { managementKey } from "../support/keys.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/visitor.ts";
import { scenarios } from "./scenarios/all.ts";
import type { Surroundings } from "./scenarios/scenario.ts";

let server: TestServer;
let around: Surroundings;

beforeAll(async () => {
  server = await startServer({ PAYLOAD_LOGGING: "on" });
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  const left = new Set<string>();
  around = {
    url: server.url,
    apiKey: secret,
    managementKey: (await managementKey(person)).secret,
    sawClientLeave: async (generationId) => {
      const row = await until(async () => {
        const { rows } = (await person.dashboard("/activity")).body;
        return rows.find(
          (one: { id: string; cancelled: boolean }) =>
            one.cancelled && !left.has(one.id) && (generationId === "" || one.id === generationId),
        );
      });
      left.add(row.id);
    },
  };
});
afterAll(() => server.stop());

for (const client of new Set(scenarios.map((scenario) => scenario.client))) {
  describe(client, () => {
    for (const scenario of scenarios.filter((one) => one.client === client)) {
      test(`${scenario.operation} works with nothing changed but address and key`, () => scenario.run(around));
    }
  });
}
