/** S1: clients that leave at any moment, politely or not. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { atOnce } from "../support/at-once.ts";
import { costOf, type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { streamPieces } from "../support/fault-provider/answer.ts";
import { type FaultScript, WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { until } from "../support/visitor.ts";

const TOKENS = 20;
const PER_MOMENT = 12;
const IDENTITY = { id: "chatcmpl-127.0.0.1:65535-100", model: "acme/m", promptTokens: 12, seed: 1 };

let gateway: FaultGateway;
beforeAll(async () => {
  gateway = await startFaultGateway();
});
afterAll(() => gateway.stop());

/** The bytes of a stream until behind so many words. */
function bytesOf(words: number): number {
  const pieces = [...streamPieces({ ...WHOLE_ANSWER, tokens: TOKENS }, IDENTITY)];
  return pieces.slice(0, words).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

interface Moment {
  title: string;
  /** How the provider waits there; `index` spreads the moment over the answer. */
  script(index: number): Partial<FaultScript>;
  /** Words that the client has before it leaves. */
  words(index: number): number;
  /** The answer had ended already. */
  isOver?: true;
}

const MOMENTS: readonly Moment[] = [
  { title: "before the head of the answer", script: () => ({ cutAt: "start", cutBy: "stall" }), words: () => 0 },
  { title: "before the first word", script: () => ({ holdAfterTokens: 0 }), words: () => 0 },
  {
    title: "between two words",
    script: (index) => ({ holdAfterTokens: index + 1 }),
    words: (index) => index + 1,
  },
  {
    title: "inside an event",
    script: (index) => ({ cutAt: bytesOf(index + 1) + 20 + 8 * index, cutBy: "stall" }),
    words: (index) => index + 1,
  },
  { title: "behind the last word", script: () => ({ holdAfterTokens: TOKENS }), words: () => TOKENS },
  { title: "behind the end", script: () => ({}), words: () => TOKENS, isOver: true },
];

/** Reads until so many words have come, or the end of the stream where it is over. */
function received(socket: Socket, isThere: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("utf8");
      if (isThere(text)) resolve();
    });
    socket.on("error", reject);
  });
}

for (const how of ["FIN", "RST"] as const) {
  test.each(MOMENTS)(
    `a client that leaves by ${how} $title stops the provider, and is charged once for what it got`,
    async ({ script, words, isOver }) => {
      const before = await gateway.rows();
      const [provider] = gateway.providers;
      const seen = await atOnce(4, Array.from({ length: PER_MOMENT }), async (_, index) => {
        const user = `${how} ${before.length} ${index}`;
        const socket = await gateway.dial();
        const enough = received(socket, (text) =>
          isOver ? text.includes("[DONE]") : text.split('"content":"').length > words(index),
        );
        socket.write(gateway.chatBytes({ stream: true, user, fault: { tokens: TOKENS, ...script(index) } }));
        const exchange = await until(async () => provider?.exchanges.find(({ request }) => request.body.user === user));
        if (words(index) > 0) await enough;
        else enough.catch(() => {});
        if (how === "RST") socket.resetAndDestroy();
        else socket.destroy();
        await (isOver ? exchange.over() : exchange.closed());
        return { exchange, words: words(index) };
      });
      expect(seen.map(({ exchange }) => exchange.truth.ending?.by)).toEqual(
        seen.map(() => (isOver ? "provider" : "client")),
      );
      const rows = (await gateway.rowsWhen(before.length + PER_MOMENT)).slice(before.length);
      expect(rows).toHaveLength(PER_MOMENT);
      for (const row of rows) {
        const own = seen.find(({ exchange }) => exchange.request.body.user === row.external_user);
        expect(row).toMatchObject(isOver ? { status: 200, cancelled: 0 } : { status: 499, cancelled: 1 });
        expect(row.completion_tokens).toBe(own?.exchange.truth.tokens ?? -1);
        expect(row.completion_tokens).toBe(own?.words ?? -1);
        // Who leaves before the first word pays for the prompt, which the provider had.
        expect(row.prompt_tokens).toBeGreaterThan(0);
        expect(row.cost_nano).toBe(costOf(row.prompt_tokens, row.completion_tokens));
      }
    },
  );
}

test("nobody is left on the line when all clients have gone", async () => {
  // Connections of answers that had ended may be kept for the next request.
  await until(async () =>
    gateway.providers.every(({ exchanges }) => exchanges.every(({ truth }) => truth.ending !== null)),
  );
  const idle = gateway.providers[0]?.openConnections ?? -1;
  expect(idle).toBeLessThanOrEqual(4);
});
