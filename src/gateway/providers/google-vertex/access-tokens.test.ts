import { describe, expect, test } from "bun:test";
import { exportPKCS8, generateKeyPair } from "jose";
import type { Transport } from "../../transport/transport.ts";
import { AccessTokens } from "./access-tokens.ts";

const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const keyFile = JSON.stringify({ client_email: "gapura@example.com", private_key: await exportPKCS8(privateKey) });

function setup(answers: (() => Response | Promise<Response>)[]) {
  const clock = { now: 1_000_000, nowMs: () => clock.now, monotonicMs: () => 0 };
  const asked: string[] = [];
  const transport: Transport = {
    send: async ({ url }) => {
      asked.push(url);
      return (answers[asked.length - 1] ?? answers.at(-1) ?? (() => new Response(null, { status: 500 })))();
    },
  };
  return { clock, asked, transport, tokens: new AccessTokens("Google Vertex", clock) };
}
const token =
  (access_token: string, expires_in = 3_600) =>
  () =>
    Response.json({ access_token, expires_in });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error: { code?: string }) => error.code,
  );

test("a hundred requests at once ask Google once", async () => {
  const { asked, tokens, transport } = setup([token("one")]);
  const got = await Promise.all(Array.from({ length: 100 }, () => tokens.of(keyFile, transport)));
  expect([new Set(got), asked]).toEqual([new Set(["one"]), ["https://oauth2.googleapis.com/token"]]);
});

test("a token is renewed five minutes before it ends, and not earlier", async () => {
  const { clock, asked, tokens, transport } = setup([token("one"), token("two")]);
  expect(await tokens.of(keyFile, transport)).toBe("one");
  clock.now += 3_299_999;
  expect(await tokens.of(keyFile, transport)).toBe("one");
  clock.now += 1;
  expect(await tokens.of(keyFile, transport)).toBe("two");
  expect(asked).toHaveLength(2);
});

test("two accounts never get each other's token", async () => {
  const { tokens, transport } = setup([token("one"), token("two")]);
  const other = keyFile.replace("gapura@", "other@");
  expect([await tokens.of(keyFile, transport), await tokens.of(other, transport)]).toEqual(["one", "two"]);
});

describe("a failed exchange is forgotten, and said for what it is", () => {
  const invalid = () => Response.json({ error: "invalid_grant" }, { status: 400 });
  test.each([
    [invalid, "provider_auth"],
    [() => new Response("oops", { status: 503 }), "provider_unavailable"],
    [() => Response.json({}), "provider_unavailable"],
    [() => Promise.reject(new Error("no connection")), undefined],
  ])("%p", async (answer, code) => {
    const { tokens, transport } = setup([answer, token("later")]);
    expect(await codeOf(tokens.of(keyFile, transport))).toBe(code);
    expect(await tokens.of(keyFile, transport)).toBe("later");
  });

  test.each(["{}", "nonsense", '{"client_email":"a@example.com","private_key":"nonsense"}'])(
    "a key file like %s asks nobody",
    async (file) => {
      const { asked, tokens, transport } = setup([token("one")]);
      expect(await codeOf(tokens.of(file, transport))).toBe("provider_auth");
      expect(asked).toEqual([]);
    },
  );
});
