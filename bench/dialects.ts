/**
 * What a request costs the gateway's process in CPU time for each pair of a client's dialect and a provider's: where both
 * are the same the bytes pass through, elsewhere request and answer are translated. All pairs take turns in each round on
 * one server, and every figure has its ratio to the pass-through of chat in the same round beside it.
 */
import { join } from "node:path";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { CHUNKS, FAKE_MODELS, PIECE } from "./support/fake-dialects.ts";
import { clientHeaders, createKey, startGapura } from "./support/gapura-server.ts";
import { type Load, runLoad } from "./support/load.ts";
import { cpuMicroseconds, requireProc } from "./support/process-stats.ts";
import { makeFolder, start } from "./support/processes.ts";
import { median } from "./support/statistics.ts";

export const dialectsBench: Bench = {
  name: "dialects",
  summary: "CPU time per request and per chunk for every pair of dialects, beside the pass-through",
  run,
};

const TEXT = "Halo, apa kabar? ".repeat(40);
const CONNECTIONS = 16;
const WHOLE = { full: { rounds: 9, requests: 1_500 }, quick: { rounds: 3, requests: 500 } };
const STREAMS = { full: { rounds: 9, requests: 150 }, quick: { rounds: 3, requests: 60 } };
const WARM_UP = { whole: 2_000, streamed: 200 };
const AFTERMATH_MS = 40;

interface Pair {
  name: string;
  path: string;
  body: Record<string, unknown>;
}

const clients: Record<string, { path: string; body: (model: string) => Record<string, unknown> }> = {
  chat: {
    path: "/api/v1/chat/completions",
    body: (model) => ({ model, messages: [{ role: "user", content: TEXT }], temperature: 0.7 }),
  },
  responses: { path: "/api/v1/responses", body: (model) => ({ model, input: TEXT, max_output_tokens: 500 }) },
  messages: {
    path: "/api/v1/messages",
    body: (model) => ({ model, max_tokens: 500, messages: [{ role: "user", content: TEXT }] }),
  },
};

const providers: Record<string, string> = {
  chat: `openai/${FAKE_MODELS.openai}`,
  responses: `openai/${FAKE_MODELS.responses}`,
  messages: `anthropic/${FAKE_MODELS.anthropic}`,
  gemini: `google-ai-studio/${FAKE_MODELS.gemini}`,
  converse: `amazon-bedrock/${FAKE_MODELS.bedrock}`,
};

const pairs: readonly Pair[] = Object.entries(clients).flatMap(([client, { path, body }]) =>
  Object.entries(providers).map(([provider, model]) => ({ name: `${client}_to_${provider}`, path, body: body(model) })),
);
const PASS_THROUGH = "chat_to_chat";

/** CPU microseconds of one request, for each pair, one for each round. */
type Samples = Map<string, number[]>;

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const upstream = start({
    name: "The fake providers",
    command: [process.execPath, join(import.meta.dir, "support/fake-dialects.ts")],
  });
  const origin = await upstream.listening();
  const dataDir = makeFolder();
  const key = await createKey(dataDir);
  const gapura = startGapura(dataDir, connectedTo(origin));
  const url = await gapura.listening();
  const load = { headers: clientHeaders(key), connections: CONNECTIONS };
  const measured = async (streamed: boolean, { rounds, requests }: { rounds: number; requests: number }) => {
    const warmUp = streamed ? WARM_UP.streamed : WARM_UP.whole;
    const loads = pairs.map(({ name, path, body }) => {
      const expected = PIECE.trim();
      return {
        name,
        load: {
          ...load,
          url: url + path,
          body: JSON.stringify({ ...body, ...(streamed ? { stream: true } : {}) }),
          expected,
        },
      };
    });
    for (const one of loads) await runLoad({ ...one.load, requests: quick ? warmUp / 4 : warmUp });
    note(
      `${streamed ? "Streams" : "Whole answers"}: ${rounds} rounds of ${requests} requests for each of ${pairs.length} pairs.`,
    );
    return sampleInTurns(loads, { pid: gapura.pid, rounds, requests });
  };
  const whole = await measured(false, WHOLE[quick ? "quick" : "full"]);
  const streamed = await measured(true, STREAMS[quick ? "quick" : "full"]);
  return { figures: pairs.flatMap(({ name }) => figuresOf(name, whole, streamed)), broken: [] };
}

function connectedTo(origin: string): Record<string, string> {
  return {
    LOCAL_PROVIDERS: "off",
    ALLOW_PRIVATE_UPSTREAM: new URL(origin).host,
    OPENAI_API_KEY: "sk-bench",
    OPENAI_BASE_URL: `${origin}/v1`,
    ANTHROPIC_API_KEY: "sk-ant-bench",
    ANTHROPIC_API_URL: `${origin}/v1`,
    GEMINI_API_KEY: "AIza-bench",
    GEMINI_BASE_URL: `${origin}/v1beta`,
    BEDROCK_REGION: "us-east-1",
    BEDROCK_ACCESS_KEY_ID: "AKIABENCH",
    BEDROCK_SECRET_ACCESS_KEY: "bench",
    BEDROCK_BASE_URL: origin,
  };
}

async function sampleInTurns(
  loads: readonly { name: string; load: Omit<Load, "requests"> }[],
  { pid, rounds, requests }: { pid: number; rounds: number; requests: number },
): Promise<Samples> {
  const samples: Samples = new Map(loads.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < loads.length; turn++) {
      const one = loads[(round + turn) % loads.length];
      if (one === undefined) continue;
      const before = cpuMicroseconds([pid]);
      await runLoad({ ...one.load, requests });
      await Bun.sleep(AFTERMATH_MS);
      samples.get(one.name)?.push((cpuMicroseconds([pid]) - before) / requests);
    }
  }
  return samples;
}

/** A chunk's cost is what a stream costs more than a whole answer, divided among its chunks. */
function figuresOf(name: string, whole: Samples, streamed: Samples): Figure[] {
  const perRequest = whole.get(name) ?? [];
  const perChunk = chunkCosts(name, whole, streamed);
  const figures: Figure[] = [
    { figure: `${name}_request_us`, value: median(perRequest), unit: "µs", n: perRequest.length },
    { figure: `${name}_chunk_us`, value: median(perChunk), unit: "µs", n: perChunk.length },
  ];
  if (name === PASS_THROUGH) return figures;
  const ratio = (own: readonly number[], plain: readonly number[]) =>
    median(own.map((value, round) => value / (plain[round] ?? Number.NaN)));
  return [
    ...figures,
    {
      figure: `${name}_request_ratio`,
      value: ratio(perRequest, whole.get(PASS_THROUGH) ?? []),
      unit: "×",
      n: perRequest.length,
    },
    {
      figure: `${name}_chunk_ratio`,
      value: ratio(perChunk, chunkCosts(PASS_THROUGH, whole, streamed)),
      unit: "×",
      n: perChunk.length,
    },
  ];
}

function chunkCosts(name: string, whole: Samples, streamed: Samples): number[] {
  const wholeCost = median(whole.get(name) ?? []);
  return (streamed.get(name) ?? []).map((cost) => (cost - wholeCost) / CHUNKS);
}
