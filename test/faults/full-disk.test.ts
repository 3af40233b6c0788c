/** What is promised when the disk of the data folder is full: SQLite itself refuses to let its file grow. */
import { expect, test } from "bun:test";
import { verifyLedger } from "../../src/storage/ledger/verify/verify.ts";
import { databasesOf } from "../support/databases.ts";
import { type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { until } from "../support/visitor.ts";

const FULL = 1;
const ROOM = 1_000_000;
const LIMIT_MS = 60_000;

const databases = databasesOf("sqlite");
interface Told {
  status: number;
  retryAfter: string | null;
  code: string | undefined;
}

async function told(answer: Response): Promise<Told> {
  const body = (await answer.json()) as { error?: { metadata: { error_code: string } } };
  return {
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
    code: body.error?.metadata.error_code,
  };
}

test(
  "on a full disk every call is refused in words before a provider has it, with or without limits; with room again all goes on by itself, and nothing acknowledged is lost",
  async () => {
    let mostPages = ROOM;
    const { server, providers, key, limitedKey, chat, storage, rows } = await startGateway(() => mostPages);
    const as = (secret: string) =>
      chat({}, { headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" } });
    expect((await as(key)).status).toBe(200);
    expect((await as(limitedKey)).status).toBe(200);
    mostPages = FULL;
    const acknowledged: string[] = [];
    const first = await until(async () => {
      const answer = await as(key);
      if (answer.status === 200) acknowledged.push(answer.headers.get("x-generation-id") ?? "");
      return answer.status !== 200 && answer;
    });
    const refusal = { status: 503, retryAfter: "10", code: "storage_full" };
    expect(await told(first)).toEqual(refusal);

    const asked = providers[0]?.exchanges.length ?? 0;
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => as(index % 2 === 0 ? key : limitedKey)));
    expect(await Promise.all(answers.map(told))).toEqual(answers.map(() => refusal));
    expect(providers[0]?.exchanges.length).toBe(asked);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);

    mostPages = ROOM;
    for (const secret of [key, limitedKey]) {
      const again = await until(async () => {
        const answer = await as(secret);
        return answer.status === 200 && answer;
      });
      acknowledged.push(again.headers.get("x-generation-id") ?? "");
    }
    const kept = new Set((await rows()).map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // The two before, the acknowledged, and nothing of what was refused.
    expect(kept.size).toBe(acknowledged.length + 2);
    expect((await verifyLedger(storage, true)).breaches).toEqual([]);
  },
  LIMIT_MS,
);

async function startGateway(mostPages: () => number): Promise<FaultGateway> {
  const gateway = await startFaultGateway({ place: { ...(await databases.options()), mostPages } });
  databases.afterwards(gateway.stop);
  return gateway;
}
