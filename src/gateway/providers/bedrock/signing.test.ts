import { describe, expect, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import type { GapuraError } from "../../../kernel/errors.ts";
import { Secret } from "../../../kernel/secret.ts";
import { authorizedHeaders, type SignedRequest } from "./signing.ts";

const nowMs = Date.UTC(2026, 10, 24, 18, 30, 5);
const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
const account = {
  region: "eu-central-1",
  accessKeyId: "AKIAINVENTED00000000",
  secretAccessKey: "invented/secret+access/key/0123456789abc",
};
const signed = (request: SignedRequest, fields: object) =>
  authorizedHeaders(request, { credential: new Secret(JSON.stringify(fields)), provider: "Amazon Bedrock", clock });

/** Signature Version 4 written down from its description, step by step, without the library. */
function signatureOf(request: SignedRequest, headers: Record<string, string>): string {
  const url = new URL(request.url);
  const hash = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const names = Object.keys(headers).sort();
  // Every step of the path is encoded once more than it is on the wire.
  const path = url.pathname.split("/").map(encoded).join("/");
  const query = [...url.searchParams].map((pair) => pair.map(encoded).join("=")).sort();
  const canonical = [
    request.method,
    path,
    query.join("&"),
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    "",
    names.join(";"),
    hash(request.body ?? ""),
  ].join("\n");
  const date = "20261124";
  const scope = `${date}/${account.region}/bedrock/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", `${date}T183005Z`, scope, hash(canonical)].join("\n");
  const key = [account.region, "bedrock", "aws4_request"].reduce(hmac, hmac(`AWS4${account.secretAccessKey}`, date));
  const signature = hmac(key, text).toString("hex");
  const credential = `Credential=${account.accessKeyId}/${scope}`;
  return `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
}

/** Every byte but letters, digits and four signs. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

const arn = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3";
const requests: [string, SignedRequest][] = [
  ["a call of a model with a colon in its name", callOf("anthropic.claude-sonnet-4-5-20250929-v1:0")],
  ["a call of an ARN with a slash", callOf(arn)],
  ["a name with everything a client could write", callOf("a b/../c%2Fd?x=1#y+é'()*!")],
  [
    "a list with a query",
    {
      method: "GET",
      url: "https://bedrock.eu-central-1.amazonaws.com/inference-profiles?maxResults=1000&type=SYSTEM_DEFINED",
      headers: { accept: "application/json" },
    },
  ],
];

function callOf(model: string): SignedRequest {
  return {
    method: "POST",
    url: `https://bedrock-runtime.eu-central-1.amazonaws.com/model/${encodeURIComponent(model)}/converse`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode('{"messages":[]}'),
  };
}

describe("Signature Version 4", () => {
  test.each(requests)("%s is signed as the description says", async (_, request) => {
    const { authorization, ...headers } = await signed(request, account);
    const all = { ...headers, host: new URL(request.url).host };
    expect(headers["x-amz-date"]).toBe("20261124T183005Z");
    expect(authorization).toBe(signatureOf(request, all));
  });

  test("a temporary key's token is sent, and is part of what is signed", async () => {
    const [, request] = requests[0]!;
    const { authorization, ...headers } = await signed(request, { ...account, sessionToken: "invented-token" });
    expect(headers["x-amz-security-token"]).toBe("invented-token");
    expect(authorization).toContain(";x-amz-security-token,");
    expect(authorization).toBe(signatureOf(request, { ...headers, host: new URL(request.url).host }));
  });

  test("a body that was changed has another signature", async () => {
    const [, request] = requests[0]!;
    const changed = { ...request, body: new TextEncoder().encode('{"messages":[1]}') };
    const [one, two] = [await signed(request, account), await signed(changed, account)];
    expect(one.authorization).not.toBe(two.authorization);
  });
});

test("a Bedrock API key goes as Bearer, and nothing is signed", async () => {
  const [, request] = requests[0]!;
  const headers = await signed(request, { region: "eu-central-1", apiKey: "ABSKinvented" });
  expect(headers).toEqual({ ...request.headers, authorization: "Bearer ABSKinvented" });
});

test.each([{}, { region: "eu-central-1", accessKeyId: "AKIA" }, { ...account, region: undefined }])(
  "without a whole credential nothing leaves",
  async (fields) => {
    const [, request] = requests[0]!;
    const error = await signed(request, fields).catch((caught: GapuraError) => caught);
    expect(error).toMatchObject({ code: "provider_auth" });
  },
);
