/** A data plane over real HTTP, between a test and the upstreams that the test writes. */
import type { Server } from "bun";
import { Catalog } from "../../src/catalog/catalog.ts";
import { DataPlane, type DataPlaneOptions } from "../../src/gateway/data-plane.ts";
import type { AccountRouting, KeyRecord, PayloadRecord, UsageRecord } from "../../src/gateway/ports.ts";
import { genericProvider } from "../../src/gateway/providers/openai-compatible/generic.ts";
import type { Credential } from "../../src/gateway/providers/registry.ts";
import { createApiKey } from "../../src/kernel/api-key.ts";
import type { JsonObject } from "../../src/kernel/json.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { movableClock } from "./later.ts";
import { MemoryLedger } from "./memory-ledger.ts";

export const made = createApiKey("inference");
export const NO_CAPS = { rpm: null, tpm: null, parallel: null };
export const record: KeyRecord = {
  id: made.publicId,
  hash: made.hash,
  userId: "user_1",
  kind: "inference",
  name: "test",
  label: made.label,
  createdAt: 0,
  expiresAt: null,
  disabledAt: null,
  deletedAt: null,
  version: 1,
  ownerActive: true,
  spendLimits: [],
  rateCaps: NO_CAPS,
  accountCaps: NO_CAPS,
  secretEndsAt: null,
  allowedFrom: null,
  allowedModels: null,
};

type Upstream = (request: Request, body: string) => Response | Promise<Response>;
export interface Harness {
  url: string;
  kept: UsageRecord[];
  payloads: PayloadRecord[];
  /** The figures behind charges, by version. */
  priceVersions: Map<string, string>;
  /** What came to the upstreams; `by` is the place of the one it came to. */
  seen: { by: number; body: string; headers: Headers }[];
  storage: { down: boolean };
  ledger: MemoryLedger;
  /** The one key there is; a change holds from the next look-up on, which `plane.keys.evict` brings about. */
  key: KeyRecord;
  catalog: Catalog;
  plane: DataPlane;
  /** What the caller's account has, which a test may change at any time. */
  account: { presets: Record<string, JsonObject>; routing: AccountRouting | null };
  /** Lets time pass for what is waited out. */
  pass(ms: number): void;
  call(body: unknown, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1700000000,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Baik!" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
};

export function chunk(delta: object, more: object = {}): string {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [choice] })}\n\n`;
}
export const usageEvent = `data: ${JSON.stringify({ id: "chatcmpl-1", choices: [], usage: completion.usage })}\n\n`;
export const eventStream = { headers: { "content-type": "text/event-stream" } };

/** What a test has otherwise than most. */
export interface HarnessOptions
  extends Pick<Partial<DataPlaneOptions>, "timeouts" | "hedging" | "random" | "log" | "payloads"> {
  /** Keys of every provider, in place of its only one. */
  credentials?: readonly Credential[];
}

export function startDataPlane(...upstreams: Upstream[]): Promise<Harness> {
  return startDataPlaneWith({}, ...upstreams);
}

export async function startDataPlaneWith(
  { credentials, ...options }: HarnessOptions,
  ...upstreams: Upstream[]
): Promise<Harness> {
  const payloads: PayloadRecord[] = [];
  const priceVersions = new Map<string, string>();
  const seen: Harness["seen"] = [];
  const ledger = new MemoryLedger();
  const { kept } = ledger;
  const storage = {
    get down() {
      return ledger.isDown;
    },
    set down(isDown: boolean) {
      ledger.isDown = isDown;
    },
  };
  const key: KeyRecord = { ...record };
  const { clock, pass } = movableClock();
  const catalog = new Catalog();
  const account: Harness["account"] = { presets: {}, routing: null };
  const servers = upstreams.map((answer, by) =>
    Bun.serve({
      port: 0,
      idleTimeout: 60,
      fetch: async (request) => {
        const body = await request.text();
        if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "m" }] });
        seen.push({ by, body, headers: request.headers });
        return answer(request, body);
      },
    }),
  );
  const plane = new DataPlane({
    clock,
    catalog,
    accountRouting: { find: () => account.routing },
    presets: {
      find: async (_, slug) => {
        const fields = account.presets[slug];
        return fields === undefined ? null : { id: `preset_${slug}`, versionId: "1", slug, fields };
      },
    },
    // Of equals the first, so that a test knows who answers.
    random: () => 0,
    keySource: { findByHash: async (hash) => (hash === made.hash ? key : null) },
    ledger,
    usage: ledger,
    unpricedModels: "refuse",
    prices: {
      keep: async (version, rates) => {
        if (storage.down) throw new Error("disk full");
        priceVersions.set(version, rates);
      },
    },
    payloads: {
      keep: async (payload) => {
        if (storage.down) throw new Error("disk full");
        payloads.push(payload);
      },
    },
    alerts: { report: () => {}, finished: () => {} },
    log: { warn: () => {} },
    limits: { maxBytes: 1024 * 1024, maxDepth: 64 },
    baseUrl: "http://localhost:8787",
    connections: servers.map((server, index) => ({
      provider: genericProvider({
        slug: `p${index}`,
        name: `P${index}`,
        baseUrl: `http://127.0.0.1:${server.port}/v1`,
      }),
      credential: new Secret("sk-upstream-secret"),
      ...(credentials === undefined ? {} : { credentials }),
      source: "file" as const,
      fixedModels: ["acme/m", `p${index}/only`],
    })),
    allowPrivate: servers.map((server) => `127.0.0.1:${server.port}`),
    sandbox: null,
    headers: {},
    ...options,
  });
  plane.connections.start();
  await plane.connections.firstRound;
  const front: Server<undefined> = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: (request) =>
      plane.handle(request, new URL(request.url).pathname, {
        requestId: "req_test",
        waitLong: () => {},
        clientAddress: () => "127.0.0.1",
        hangUp: () => {},
      }) ?? new Response(null, { status: 404 }),
  });
  const url = `http://127.0.0.1:${front.port}/api/v1/chat/completions`;
  return {
    url,
    kept,
    payloads,
    priceVersions,
    seen,
    storage,
    ledger,
    key,
    catalog,
    plane,
    account,
    pass,
    call: (body, init) =>
      fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${made.key}`, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    stop: async () => {
      plane.connections.stop();
      await Promise.all([front, ...servers].map((server) => server.stop(true)));
    },
  };
}

export const halo = { model: "acme/m", messages: [{ role: "user", content: "Halo, apa kabar?" }] };

interface AnswerBody {
  id: string;
  provider: string;
  error: { code: number; message: string; metadata: Record<string, unknown>; availability?: object };
}

export async function bodyOf(answer: Response): Promise<AnswerBody> {
  return (await answer.json()) as AnswerBody;
}

/** The data of every event, and the text as it came. */
export async function readStream(answer: Response): Promise<{ events: string[]; text: string }> {
  const text = await answer.text();
  const events = text
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice(6));
  return { events, text };
}

/** A short chat request over the harness. */
export function chatOf(harness: Harness, stream: boolean): Promise<Response> {
  return harness.call({ ...halo, stream });
}
