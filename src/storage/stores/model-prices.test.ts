import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { createModelPriceStore } from "./model-prices.ts";

const GPT = { provider: "openai", model: "openai/gpt-4o" };
const QWEN = { provider: "groq", model: "qwen/qwen3-32b" };

eachEngine((databases) => {
  test("a price stands once for each model of a provider, and every change of it gives a stamp that was never there", async () => {
    const store = createModelPriceStore((await databases.open()).db);
    const stamps = [await store.stamp()];
    const put = async (place: typeof GPT, rates: string | null, nowMs: number) => {
      await store.put({ ...place, rates }, nowMs);
      stamps.push(await store.stamp());
    };
    await put(GPT, '{"prompt":1}', 1);
    await put(GPT, '{"prompt":2}', 2);
    expect(await store.all()).toEqual([{ ...GPT, rates: '{"prompt":2}' }]);
    await put(GPT, null, 3);
    expect(await store.get(GPT.provider, GPT.model)).toBeNull();
    expect(await store.all()).toEqual([]);
    await put(QWEN, '{"prompt":3}', 4);
    await put(GPT, '{"prompt":4}', 5);
    expect(await store.get(GPT.provider, GPT.model)).toBe('{"prompt":4}');
    expect(await store.get("azure", GPT.model)).toBeNull();
    expect(await store.all()).toEqual([
      { ...QWEN, rates: '{"prompt":3}' },
      { ...GPT, rates: '{"prompt":4}' },
    ]);
    expect(new Set(stamps).size).toBe(stamps.length);
  });
});
