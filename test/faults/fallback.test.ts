/** S3: providers that fail before they have said a word. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText } from "../support/fault-provider/answer.ts";
import { type FaultScript, WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { hear, soundsWhole } from "../support/heard.ts";
import { FORGIVEN_MS } from "../support/later.ts";

let gateway: FaultGateway;
/** What whoever is asked first does, and everybody after. */
let first: Partial<FaultScript> = {};
let after: Partial<FaultScript> = {};

beforeAll(async () => {
  gateway = await startFaultGateway({ providers: 2 });
  const askedFirst = new Map<unknown, number>();
  gateway.providers.forEach((provider, index) => {
    provider.script = ({ request }) => {
      const { user } = request.body;
      if (!askedFirst.has(user)) askedFirst.set(user, index);
      return askedFirst.get(user) === index ? first : after;
    };
  });
});
afterAll(() => gateway.stop());

let users = 0;
/** Long after the request before, whose failures are forgiven. */
async function ask(stream: boolean): Promise<{ answer: Response; text: string }> {
  gateway.server.pass(FORGIVEN_MS);
  const answer = await gateway.chat({ stream, user: `user-${users++}` });
  return { answer, text: await answer.text() };
}

const FAILURES: [string, Partial<FaultScript>][] = [
  ...[401, 402, 403, 408, 424, 429, 500, 502, 503, 504, 529].map((status): [string, Partial<FaultScript>] => [
    `answers ${status}`,
    { status },
  ]),
  ["closes the connection without a word", { cutAt: "start", cutBy: "fin" }],
  ["resets the connection without a word", { cutAt: "start", cutBy: "rst" }],
  ["breaks off inside the head", { cutAt: "head", cutBy: "fin" }],
  ["is reset inside the head", { cutAt: "head", cutBy: "rst" }],
  ["breaks off inside its first event", { cutAt: 20, cutBy: "fin" }],
  ["begins with an error", { instead: { token: 0, of: "error" } }],
  ["begins with rubbish", { instead: { token: 0, of: "invalid-json" } }],
  ["begins with a list", { instead: { token: 0, of: "not-an-object" } }],
  ["says nothing at all", { tokens: 0, finish: false, usage: "missing", done: "missing" }],
  ["ends before it begins", { tokens: 0, finish: false, usage: "missing" }],
  ["has an error behind its role", { role: true, instead: { token: 0, of: "error" } }],
  ["has rubbish behind its role", { role: true, instead: { token: 0, of: "invalid-json" } }],
  ["says nothing but its role", { role: true, tokens: 0, finish: false, usage: "missing", done: "missing" }],
  ["ends behind its role", { role: true, tokens: 0, finish: false, usage: "missing" }],
  ["is reset behind its role", { role: true, cutAt: 180, cutBy: "rst" }],
];

/** Of whole answers only these begin with something wrong. */
const SHOWS_IN_WHOLE = /answers|connection|inside/;

for (const stream of [true, false]) {
  const kind = stream ? "a stream" : "a whole answer";
  const failures = FAILURES.filter(([title]) => stream || SHOWS_IN_WHOLE.test(title));
  test.each(failures)(
    `${kind} that %s is given by the next provider, and the client sees nothing of it`,
    async (_, script) => {
      first = script;
      after = {};
      const before = (await gateway.rows()).length;
      const { answer, text } = await ask(stream);
      expect(answer.status).toBe(200);
      if (stream) {
        const heard = hear(text);
        expect({ ...heard, isWhole: soundsWhole(heard) }).toMatchObject({
          text: answerText(WHOLE_ANSWER),
          isWhole: true,
        });
        expect(heard.ids.size).toBe(1);
      } else expect(JSON.parse(text).choices[0].message.content).toBe(answerText(WHOLE_ANSWER));
      const rows = await gateway.rowsWhen(before + 1);
      expect(rows).toHaveLength(before + 1);
      const attempts = JSON.parse(rows.at(-1)?.attempts ?? "[]") as { provider: string; status: number }[];
      expect(attempts.map(({ status }) => status === 200)).toEqual([false, true]);
      expect(new Set(attempts.map(({ provider }) => provider)).size).toBe(2);
      // Charged is the answer, not the failure before it.
      expect(rows.at(-1)).toMatchObject({ status: 200, completion_tokens: 8 });
    },
  );
}

/** What the client is told when nobody could answer. */
const TOLD: readonly { theirs: Partial<FaultScript>; ours: number; waits: boolean }[] = [
  { theirs: { status: 429, headers: { "retry-after": "7" } }, ours: 429, waits: true },
  { theirs: { status: 500 }, ours: 502, waits: false },
  { theirs: { status: 503, headers: { "retry-after": "7" } }, ours: 503, waits: true },
  { theirs: { status: 504 }, ours: 504, waits: false },
  { theirs: { cutAt: "start", cutBy: "rst" }, ours: 502, waits: false },
  { theirs: { instead: { token: 0, of: "error" } }, ours: 502, waits: false },
];

test.each(TOLD.map((one) => [JSON.stringify(one.theirs), one.ours, one] as const))(
  "where every provider fails with %s, a stream too begins with the true status %d",
  async (_title, _status, { theirs, ours, waits }) => {
    first = theirs;
    after = theirs;
    const { answer, text } = await ask(true);
    expect(answer.status).toBe(ours);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("retry-after")).toBe(waits ? "7" : null);
    expect(JSON.parse(text).error).toMatchObject({ code: ours });
  },
);

test("what is wrong with the request itself is told at once, and nobody else is asked", async () => {
  first = { status: 400, message: "temperature must be at most 2" };
  after = {};
  const asked = gateway.providers.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  const { answer, text } = await ask(true);
  expect(answer.status).toBe(400);
  expect(text).toContain("temperature must be at most 2");
  expect(gateway.providers.reduce((sum, { exchanges }) => sum + exchanges.length, 0)).toBe(asked + 1);
});
