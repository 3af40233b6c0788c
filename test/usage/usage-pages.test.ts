/** What the pages of use ask the server, over HTTP and on both databases. */
import { expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import { sumUsd } from "../../web/src/lib/format.ts";
import { eachEngine } from "../support/databases.ts";
import { bearer } from "../support/keys.ts";
import { type SeededServer, startSeeded } from "../support/seeded.ts";
import type { Visitor } from "../support/visitor.ts";

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 120_000;

eachEngine((databases) => {
  const begin = async (): Promise<SeededServer> => {
    const server = await startSeeded({}, { at: await databases.options() });
    databases.afterwards(() => server.stop());
    return server;
  };
  const month = () => `from=${Date.now() - 30 * DAY_MS}&to=${Date.now()}`;

  test(
    "every way to split a time adds up to the same, to the last digit of the money, and so do the requests one by one",
    async () => {
      const siti = await (await begin()).person("siti@example.com");
      const whole = (await siti.dashboard(`/usage?${month()}`)).body;
      expect(whole.total.requests).toBeGreaterThan(100);
      for (const by of ["model", "provider", "key", "app"]) {
        const split = (await siti.dashboard(`/usage?${month()}&by=${by}`)).body;
        expect([by, sumUsd(split.series.map(({ total }: { total: string }) => total))]).toEqual([
          by,
          whole.total.spentUsd,
        ]);
        expect([by, split.total]).toEqual([by, whole.total]);
      }
      const rows = await allRows(siti, `from=${whole.fromMs}&to=${whole.toMs}`);
      expect(rows.length).toBe(whole.total.requests);
      expect(sumUsd(rows.map(({ costUsd }) => costUsd ?? "0"))).toBe(whole.total.spentUsd);
      const csv = await siti.dashboard(`/usage.csv?from=${whole.fromMs}&to=${whole.toMs}&by=key`);
      const lines: Record<string, string>[] = parse(csv.body, { columns: true });
      expect(sumUsd(lines.map((line) => line.spent_usd ?? ""))).toBe(whole.total.spentUsd);
      expect(new Set(lines.map(({ key }) => key))).toContain("Website chatbot");
    },
    TIMEOUT_MS,
  );

  test(
    "a filter that nothing fits finds nothing, one that few fit finds them, and pages neither repeat nor leave out",
    async () => {
      const siti = await (await begin()).person("siti@example.com");
      const all = await allRows(siti, "");
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const failed = await allRows(siti, "outcome=error");
      expect(failed.map(({ id }) => id)).toEqual(all.filter(({ errorCode }) => errorCode !== null).map(({ id }) => id));
      const [one] = failed;
      expect((await allRows(siti, `id=${one?.id}`)).map(({ id }) => id)).toEqual([one?.id ?? ""]);
      expect((await allRows(siti, `id=${one?.requestId.slice(0, 15)}`)).map(({ id }) => id)).toEqual([one?.id ?? ""]);
      const dear = await allRows(siti, "minCostUsd=0.02&model=anthropic/claude-sonnet-4.5");
      expect(dear.length).toBeGreaterThan(0);
      expect(dear.every(({ costUsd }) => Number(costUsd) >= 0.02)).toBe(true);
      expect(await allRows(siti, "model=nobody/knows")).toEqual([]);
      const csv = (await siti.dashboard("/activity.csv?outcome=error")).body;
      expect(parse(csv, { columns: true })).toHaveLength(failed.length);
    },
    TIMEOUT_MS,
  );

  test(
    "two accounts never see each other: not in figures, names, choices, lists, exports or events",
    async () => {
      const server = await begin();
      const [siti, agus] = [await server.person("siti@example.com"), await server.person("agus@example.com")];
      const [hers] = (await siti.dashboard("/activity?limit=1")).body.rows;
      const seen = await Promise.all(
        [
          `/usage?${month()}&by=key`,
          `/usage?${month()}&by=app`,
          `/usage?${month()}&key=${hers.keyId}`,
          `/usage/choices?${month()}`,
          `/usage.csv?${month()}&by=key`,
          "/overview",
          "/activity",
          `/activity?keyId=${hers.keyId}`,
          `/activity?id=${hers.id}`,
          "/activity.csv",
        ].map(async (path) => JSON.stringify((await agus.dashboard(path)).body)),
      );
      for (const secret of [hers.id, hers.keyName, "Website chatbot", "Tanya Siti"])
        expect(seen.join("\n")).not.toContain(secret);
      expect((await agus.dashboard(`/usage?${month()}&key=${hers.keyId}`)).body.total.requests).toBe(0);

      const heard = await follow(server, agus);
      await call(siti);
      await call(agus);
      const [event] = await heard(1);
      expect(event?.keyName).toBe("Live");
      expect((await agus.dashboard("/activity?limit=1")).body.rows[0].id).toBe(event?.id ?? "");
    },
    TIMEOUT_MS,
  );

  test(
    "whoever owns the instance sees all accounts together and each, which add up to what each sees; nobody else does",
    async () => {
      const server = await begin();
      const [siti, agus] = [await server.person("siti@example.com"), await server.person("agus@example.com")];
      const whole = (await siti.dashboard(`/administration/usage?${month()}`)).body;
      const range = `from=${whole.fromMs}&to=${whole.toMs}`;
      const byAccount = (await siti.dashboard(`/administration/usage?${range}&by=account`)).body;
      const { series }: { series: { part: string; name: string; total: string }[] } = byAccount;
      expect(sumUsd(series.map(({ total }) => total))).toBe(whole.total.spentUsd);
      expect(series.map(({ name }) => name).sort()).toEqual(
        ["agus", "budi", "dewi", "siti"].map((name) => `${name}@example.com`),
      );
      const own = (await agus.dashboard(`/usage?${range}`)).body.total;
      const his = series.find(({ name }) => name === "agus@example.com");
      expect(his?.total).toBe(own.spentUsd);
      const only = `/administration/usage?${range}&account=${his?.part}`;
      expect((await siti.dashboard(only)).body.total).toEqual(own);
      expect((await siti.dashboard(`${only}&by=key`)).body.series[0].name).toBe("Bot Telegram");
      expect((await siti.dashboard(`/administration/usage?${range}&by=key`)).status).toBe(400);
      const choices = (await siti.dashboard(`/administration/usage/choices?${range}&account=${his?.part}`)).body;
      expect([choices.account.length, choices.key[0].name, choices.app[0].name]).toEqual([
        4,
        "Bot Telegram",
        "Bot Pak RT",
      ]);
      const csv = (await siti.dashboard(`/administration/usage.csv?${range}&by=account`)).body;
      const lines: Record<string, string>[] = parse(csv, { columns: true });
      expect(sumUsd(lines.map((line) => line.spent_usd ?? ""))).toBe(whole.total.spentUsd);
      const failed = (await siti.dashboard(`/administration/activity.csv?outcome=error&account=${his?.part}`)).body;
      expect(parse(failed, { columns: true })).toHaveLength((await allRows(agus, "outcome=error")).length);
      expect(failed.split("\n")[1]).toStartWith("agus@example.com,");
      const rows = (await siti.dashboard("/administration/activity?limit=100")).body.rows;
      expect(new Set(rows.map(({ account }: { account: string }) => account)).size).toBeGreaterThan(1);
      // Owning a team is not owning the instance.
      await agus.dashboard("/accounts", { name: "Tim Melati" });
      const [one] = rows;
      const paths = ["usage", "usage.csv", "usage/choices", "activity", "activity.csv", `activity/${one.id}`];
      for (const path of paths) {
        const answer = await agus.dashboard(`/administration/${path}?${range}`);
        expect([path, answer.status, answer.body.error.metadata.error_code]).toEqual([path, 403, "owner_only"]);
      }
    },
    TIMEOUT_MS,
  );

  test("a range that is upside down or endless is refused in words", async () => {
    const siti = await (await begin()).person("siti@example.com");
    for (const query of ["from=5&to=5", "from=9&to=5", `from=0&to=${4_000 * DAY_MS}`, "from=1", "from=a&to=b"]) {
      const answer = await siti.dashboard(`/usage?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
  });
});

interface Row {
  id: string;
  requestId: string;
  errorCode: string | null;
  costUsd: string | null;
  keyName: string;
}

async function allRows(visitor: Visitor, query: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor = "";
  do {
    const page = (await visitor.dashboard(`/activity?limit=100&${query}${cursor && `&cursor=${cursor}`}`)).body;
    rows.push(...page.rows);
    cursor = page.nextCursor ?? "";
  } while (cursor !== "");
  return rows;
}

async function call(visitor: Visitor): Promise<void> {
  const { secret } = await visitor.createKey("Live");
  const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
  const answer = await visitor.call("/api/v1/chat/completions", { body, headers: bearer(secret) });
  expect(answer.status).toBe(200);
}

/** Listens to the events of an account; the function waits until so many have come. */
async function follow(server: SeededServer, visitor: Visitor): Promise<(count: number) => Promise<Row[]>> {
  const gone = new AbortController();
  const answer = await fetch(`${server.url}/api/dashboard/activity-stream`, {
    headers: { cookie: visitor.cookie },
    signal: gone.signal,
  });
  expect(answer.headers.get("content-type")).toStartWith("text/event-stream");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async (count) => {
    let text = "";
    const events = () => [...text.matchAll(/^data: (.+)\n\n/gm)].map(([, data = ""]): Row => JSON.parse(data));
    while (reader && events().length < count) text += (await reader.read()).value ?? "";
    gone.abort();
    return events();
  };
}
