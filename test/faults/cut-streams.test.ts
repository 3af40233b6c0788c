/** S2: a provider whose connection ends anywhere in the bytes of a stream. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { atOnce } from "../support/at-once.ts";
import { costOf, type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText, streamPieces } from "../support/fault-provider/answer.ts";
import type { Exchange } from "../support/fault-provider/exchange.ts";
import { type FaultScript, WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { type Heard, hear, soundsWhole } from "../support/heard.ts";
import { FORGIVEN_MS } from "../support/later.ts";

const OFFSETS = 500;
const CUT: FaultScript = { ...WHOLE_ANSWER, tokens: 12, unicode: true, lineEnd: "\r\n" };
/** What the provider after it says, in other words: what is put together of both would be seen. */
const OTHER: FaultScript = { ...WHOLE_ANSWER, tokens: 12 };
const IDENTITY = { id: "chatcmpl-127.0.0.1:65535-1000", model: "acme/m", promptTokens: 12, seed: 1 };

let gateway: FaultGateway;
/** How many words the client got, by the id of the answer. */
const delivered = new Map<string, number>();
/** Who has been asked on behalf of which request. */
const asked = new Map<string, Exchange[]>();

beforeAll(async () => {
  gateway = await startFaultGateway({ providers: 2 });
  for (const provider of gateway.providers) {
    provider.script = (exchange) => {
      const { user, cut } = exchange.request.body as { user: string; cut: Partial<FaultScript> };
      const before = asked.get(user) ?? [];
      asked.set(user, [...before, exchange]);
      return before.length === 0 ? { ...CUT, ...cut } : OTHER;
    };
  }
});
afterAll(() => gateway.stop());

const streamBytes = [...streamPieces(CUT, IDENTITY)].reduce((sum, { bytes }) => sum + bytes.length, 0);
/** They lie all over the stream: inside characters, names of fields and line ends. */
const offsets = Array.from({ length: OFFSETS }, (_, index) => Math.floor((index * streamBytes) / OFFSETS));

/** The client's bytes; whatever is held at the provider goes on when the first of them are there. */
async function read(answer: Response, goOn: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of answer.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    goOn();
  }
  return text;
}

const AT_ONCE = 8;

/** A few at once, and long after those before them, so that a provider which always breaks off is still asked. */
async function inBatches<Result>(work: (cutAt: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < OFFSETS; start += AT_ONCE) {
    gateway.server.pass(FORGIVEN_MS);
    results.push(...(await atOnce(AT_ONCE, offsets.slice(start, start + AT_ONCE), work)));
  }
  return results;
}

/** Why an answer is not what a cut stream may become; null for a good one. */
function fault(heard: Heard, [first, second, third]: readonly Exchange[]): string | null {
  const isWhole = soundsWhole(heard);
  if (third !== undefined) return "too many were asked";
  if (heard.ids.size !== 1) return "it has several ids";
  // Nobody else is asked once words have come.
  if (second !== undefined)
    return isWhole && heard.text === answerText(OTHER) ? null : "the second answer is not whole";
  if (!answerText(CUT).startsWith(heard.text)) return "it is put together";
  const saidAll = first?.sent.includes('"finish_reason":"stop"}]}') === true;
  if (isWhole) return saidAll && heard.text === answerText(CUT) ? null : "it is passed off as whole";
  const tellsOfIt = heard.errors.length === 1 && heard.finishReason === "error" && !heard.isDone;
  return tellsOfIt ? null : "it does not say that it broke";
}

test.each([
  ["a connection that is reset", { cutBy: "rst", framing: "chunked" }],
  ["a connection that is closed", { cutBy: "fin", framing: "chunked" }],
  ["a body that lasts until the connection is closed", { cutBy: "fin", framing: "close" }],
] as const)(
  "%s behind any byte is never passed off as a whole answer, nor gone on with by another provider",
  async (title, how) => {
    const seen = await inBatches(async (cutAt) => {
      const user = `${title} ${cutAt}`;
      const answer = await gateway.chat({ stream: true, user, cut: { ...how, cutAt, holdAfterTokens: 1 } });
      const heard = hear(await read(answer, () => asked.get(user)?.[0]?.go()));
      delivered.set([...heard.ids].join(), Buffer.byteLength(heard.text) / CUT.tokenBytes);
      return {
        cutAt,
        status: answer.status,
        isCut: heard.errors.length > 0,
        fault: fault(heard, asked.get(user) ?? []),
      };
    });
    expect(seen.filter((one) => one.fault !== null || one.status !== 200)).toEqual([]);
    // The offsets reach from before the first word to behind the last one.
    expect(seen.filter(({ isCut }) => isCut).length).toBeGreaterThan(OFFSETS / 2);
    expect(seen.some(({ isCut }) => !isCut)).toBe(true);
  },
);

test("what was cut is counted once, for the words that the client got, and charged to nobody", async () => {
  const rows = await gateway.rowsWhen(3 * OFFSETS);
  expect(rows).toHaveLength(3 * OFFSETS);
  expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(rows.length);
  const wrong = rows.filter((row) => {
    const isCounted = row.completion_tokens === delivered.get(row.id);
    const isWhole = row.finish_reason === "stop";
    const cost = isWhole ? costOf(row.prompt_tokens, row.completion_tokens) : 0n;
    // A cut between the last word and the usage leaves the counting to us.
    const rules = isWhole ? ["reported", "counted"] : ["failed"];
    return !isCounted || !rules.includes(row.settled_as ?? "") || row.cost_nano !== cost;
  });
  expect(wrong.map(({ id, completion_tokens }) => ({ completion_tokens, delivered: delivered.get(id) }))).toEqual([]);
});
