/** docs/sandbox.md and its translation, held to the code. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { directiveNames } from "./directives.ts";
import { sandboxModels } from "./models.ts";
import { createSandbox } from "./sandbox.ts";

const pages = ["sandbox.md", "sandbox.id.md"] as const;
const read = (page: string) => readFileSync(join(import.meta.dir, "../../../../docs", page), "utf8");
const sandbox = createSandbox({ wait: async () => {} });

describe.each(pages)("%s", (page) => {
  test("has a row for every directive and no other, and names every model", () => {
    const rows = [...read(page).matchAll(/^\| `([a-z_]+)=/gm)].map(([, name]) => name);
    expect(rows).toEqual([...directiveNames]);
    for (const { id } of sandboxModels) expect(read(page)).toContain(`\`${id}\``);
  });

  test("shows requests that the sandbox takes, and the arguments that it gives", async () => {
    const bodies = [...read(page).matchAll(/-d '([^']+)'/g)].map(([, body = ""]) => JSON.parse(body));
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    for (const request of bodies) {
      const body = new TextEncoder().encode(JSON.stringify(request));
      const { signal } = new AbortController();
      const streamed = request.stream === true;
      const answer = await sandbox.send({
        upstreamModel: request.model,
        body,
        streamed,
        credential: null,
        dialect: "openai-chat" as const,
        clientHeaders: new Headers(),
        signal,
      });
      expect(answer.status).toBe(request.sandbox?.status ?? 200);
      if (request.tools === undefined) continue;
      const [call] = JSON.parse(await answer.text()).choices[0].message.tool_calls;
      expect(read(page)).toContain(`\`${call.function.arguments}\``);
    }
  });
});
