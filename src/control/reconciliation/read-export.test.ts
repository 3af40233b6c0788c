import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseUsd, usdString } from "../../kernel/money.ts";
import { nearestNano } from "./entry.ts";
import { ExportProblem, readExport } from "./read-export.ts";

const OPENROUTER =
  "generation_id,created_at,cost_total,cost_cache,tokens_prompt,tokens_completion,model_permaslug,provider_name,cancelled";
const OPENAI_USAGE =
  "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens";
const OPENAI_COSTS =
  "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_id";
const ANTHROPIC_USAGE =
  "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count";
const ANTHROPIC_COSTS =
  "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type";

const DAY = Date.UTC(2027, 2, 1);

describe("an export of a provider is read as what it is", () => {
  test("OpenRouter's activity: each request with its id, time, tokens and exact cost", () => {
    const file = `${OPENROUTER}\r\ngen-1,2027-03-01 02:37:51.271,0.0123456789,0,100,200,openai/gpt-4o-2024-08-06,OpenAI,false\r\n`;
    expect(readExport(file)).toEqual({
      format: expect.objectContaining({ name: "OpenRouter activity", provider: "openrouter" }),
      entries: [
        {
          id: "gen-1",
          atMs: Date.UTC(2027, 2, 1, 2, 37, 51, 271),
          model: "openai/gpt-4o-2024-08-06",
          requests: 1,
          inputTokens: 100,
          outputTokens: 200,
          costNano: 12_345_679n,
        },
      ],
    });
  });

  test("OpenAI's usage: sums of days; days without any are left out", () => {
    const file = [
      OPENAI_USAGE,
      "1803859200,1803945600,x,x,proj_1,12,gpt-4o-mini-2024-07-18,3000,400,128",
      "1803945600,1804032000,x,x,,,,,,",
    ].join("\n");
    expect(readExport(file).entries).toEqual([
      {
        id: null,
        atMs: DAY,
        model: "gpt-4o-mini-2024-07-18",
        requests: 12,
        inputTokens: 3000,
        outputTokens: 400,
        costNano: null,
      },
    ]);
  });

  test("OpenAI's costs: by line item or by day, with the long fractions that it writes", () => {
    const rows = ['1803859200,,,,0.8958740000000000,usd,"gpt-4o-mini-2024-07-18, input",,', "1803859200,,,,0.1,usd,,,"];
    const { entries } = readExport([OPENAI_COSTS, ...rows].join("\n"));
    expect(entries.map(({ model, costNano }) => [model, costNano])).toEqual([
      ["gpt-4o-mini-2024-07-18", 895_874_000n],
      [null, 100_000_000n],
    ]);
    expect(() => readExport(`${OPENAI_COSTS}\n1803859200,,,,1,eur,,,`)).toThrow("only usd");
  });

  test("Anthropic's usage: input is what was cached and what was not, together", () => {
    const file = `${ANTHROPIC_USAGE}\n2027-03-01,claude-sonnet-4-5-20250929,key,Default,standard,≤ 200k,100,20,3,4000,50,0`;
    expect(readExport(file).entries).toMatchObject([
      { atMs: DAY, inputTokens: 4123, outputTokens: 50, requests: null },
    ]);
    const costs = readExport(
      `${ANTHROPIC_COSTS}\n2027-03-01,Claude Sonnet 4.5,Default,,standard,,uncached_input,1.5,token`,
    );
    expect(costs.entries).toMatchObject([{ model: "Claude Sonnet 4.5", costNano: 1_500_000_000n }]);
  });

  test("the plain format: as JSON lines and as CSV the same", () => {
    const lines =
      '{"id":"a","time":"2027-03-01T02:00:00Z","model":"m","input_tokens":1,"output_tokens":2,"cost_usd":"0.5"}\n';
    const table = "id,time,model,input_tokens,output_tokens,cost_usd\na,2027-03-01T02:00:00Z,m,1,2,0.5";
    expect(readExport(lines).entries).toEqual(readExport(table).entries);
    expect(readExport(lines).entries).toMatchObject([{ id: "a", requests: 1, costNano: 500_000_000n }]);
    expect(readExport(lines).format.provider).toBeNull();
  });

  test("cells in quotes, with line breaks and commas in them, a byte-order mark, tabs and empty lines are no trouble", () => {
    const file = `\uFEFFtime,model,requests\n\n2027-03-01,"a, ""b""\nc",3\n`;
    expect(readExport(file).entries).toMatchObject([{ model: 'a, "b"\nc', requests: 3 }]);
    expect(readExport("time\tmodel\trequests\n2027-03-01\tm\t3").entries).toMatchObject([{ model: "m", requests: 3 }]);
  });
});

describe("a file that was not understood is refused with the place, and nothing is compared", () => {
  test.each([
    ["", "empty"],
    ["a,b\n1,2", "no known export"],
    ["time,model,requests\n2027-03-01,m,3\n2027-03-02,m,many", "Line 3: requests"],
    ["time,model,requests\nyesterday,m,3", "Line 2: time"],
    ["time,model,requests\n2027-13-01,m,3", "Line 2: time"],
    ["time,model,cost_usd\n2027-03-01,m,1.2.3", "Line 2: cost_usd"],
    ["time,model,cost_usd\n2027-03-01,m,", "Line 2: needs one of"],
    ["time,model,requests\n2027-03-01,m,-3", "Line 2: requests"],
    ['time,model,requests\n2027-03-01,"m,3', "no CSV"],
    ['{"time":"2027-03-01","model":"m","requests":1}\nnot JSON', "Line 2"],
    ["time,model,requests", "no use"],
  ])("%j", (file, words) => {
    expect(() => readExport(file)).toThrow(words);
    expect(() => readExport(file)).toThrow(ExportProblem);
  });
});

test("a file that is one endless line is refused as quickly as any other", () => {
  expect(() => readExport("a".repeat(2_000_000))).toThrow("no known export");
});

test("an amount is the nearest nano-dollar, whatever is written behind it", () => {
  const nano = fc.bigInt({ min: 0n, max: 10n ** 18n });
  fc.assert(
    fc.property(nano, fc.stringMatching(/^\d{0,20}$/), (amount, tail) => {
      const [whole = "0", fraction = ""] = usdString(amount).split(".");
      const text = `${whole}.${fraction.padEnd(9, "0")}${tail}`;
      const up = tail !== "" && Number(tail[0]) >= 5 ? 1n : 0n;
      expect(nearestNano(text)).toBe(amount + up);
    }),
  );
  expect(nearestNano("1.5e-7")).toBe(parseUsd("0.00000015"));
  expect(nearestNano("$12")).toBe(12_000_000_000n);
  expect(nearestNano("1,5")).toBeUndefined();
});
