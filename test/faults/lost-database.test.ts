/** What is promised while PostgreSQL cannot be reached: the way to its server is cut and mended. */
import { expect, test } from "bun:test";
import { verifyLedger } from "../../src/storage/ledger/verify/verify.ts";
import { openStorage } from "../../src/storage/open.ts";
import { cuttableWayTo } from "../support/cuttable.ts";
import { databasesOf } from "../support/databases.ts";
import { startFaultGateway } from "../support/fault-gateway.ts";
import { until } from "../support/visitor.ts";

const databases = databasesOf("postgres");
const LIMIT_MS = 90_000;
const CALLS = 300;

test(
  "while PostgreSQL is lost, known keys are refused with 503 and no provider is asked; when it is back all goes on by itself, and nothing acknowledged is lost",
  async () => {
    const direct = await databases.options();
    const server = new URL(direct.databaseUrl ?? "");
    const way = await cuttableWayTo(server.hostname, Number(server.port || 5432));
    databases.afterwards(way.cut);
    const through = new URL(server);
    through.hostname = "127.0.0.1";
    through.port = String(way.port);
    const gateway = await startFaultGateway({ place: { ...direct, databaseUrl: through.href } });
    databases.afterwards(gateway.stop);
    const as = (secret: string) =>
      gateway.chat({}, { headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" } });
    const both = [gateway.key, gateway.limitedKey];
    const acknowledged: string[] = [];
    const answered = async (secret: string) => {
      const answer = await as(secret);
      await answer.text();
      if (answer.status === 200) acknowledged.push(answer.headers.get("x-generation-id") ?? "");
      return answer.status;
    };
    expect(await Promise.all([...both, ...both].map(answered))).toEqual([200, 200, 200, 200]);

    await way.cut();
    // The first ones find out; whatever they wait for, it is never the key's fault.
    const first = await Promise.all(both.map(answered));
    expect(first).toEqual([503, 503]);
    const provider = gateway.providers[0];
    const asked = provider?.exchanges.length;
    const answers = await Promise.all(Array.from({ length: CALLS }, (_, index) => as(both[index % 2] ?? "")));
    const told = await Promise.all(
      answers.map(async (answer) => [answer.status, answer.headers.get("retry-after"), (await answer.json()) as Told]),
    );
    for (const [status, retryAfter, body] of told as [number, string, Told][]) {
      expect([status, retryAfter, body.error.metadata.error_code]).toEqual([503, "2", "storage_unavailable"]);
    }
    expect(provider?.exchanges.length).toBe(asked);
    expect((await fetch(`${gateway.server.url}/health`)).status).toBe(200);

    await way.mend();
    for (const secret of both) await until(async () => (await answered(secret)) === 200);
    await gateway.stopServer();
    const storage = await openStorage(direct);
    databases.afterwards(() => storage.close());
    const rows = await storage.db.selectFrom("usage").select("id").execute();
    const kept = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // What was refused has left nothing that waited for the database.
    expect(kept.size).toBe(rows.length);
    expect(rows.length).toBeLessThanOrEqual(acknowledged.length + both.length);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  },
  LIMIT_MS,
);

interface Told {
  error: { metadata: { error_code: string } };
}
