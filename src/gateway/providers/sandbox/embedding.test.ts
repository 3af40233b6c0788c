import { expect, test } from "bun:test";
import fc from "fast-check";
import { embed, embeddingAnswer } from "./embedding.ts";

const nearness = (one: string, other: string) => {
  const [mine, theirs] = [embed(one), embed(other)];
  return mine.reduce((sum, value, index) => sum + value * (theirs[index] ?? 0), 0);
};

test("any text has a vector of the asked length and a norm of 1, always the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom(1, 3, 256), (text, dimensions) => {
      const vector = embed(text, dimensions);
      expect(vector).toHaveLength(dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
      expect(embed(text, dimensions)).toEqual(vector);
    }),
  );
});

test("texts that share words lie closer together, and no two texts are the same", () => {
  const question = "harga tiket kereta ke Bandung";
  expect(nearness(question, "tiket kereta ke Bandung hari ini")).toBeGreaterThan(0.5);
  expect(nearness(question, "resep rendang padang")).toBeLessThan(0.3);
  expect(embed("Halo")).not.toEqual(embed("halo"));
});

test("the answer has OpenAI's shape, and base64 holds the same numbers", () => {
  const request = { model: "sandbox/embedding", input: ["Halo", "apa kabar"], dimensions: 8 };
  const plain = embeddingAnswer({ ...request, encoding: "float" });
  expect(plain).toMatchObject({
    object: "list",
    model: "sandbox/embedding",
    data: [
      { object: "embedding", index: 0, embedding: embed("Halo", 8) },
      { object: "embedding", index: 1, embedding: embed("apa kabar", 8) },
    ],
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  const [packed] = embeddingAnswer({ ...request, encoding: "base64" }).data;
  const bytes = Uint8Array.fromBase64(String(packed?.embedding));
  expect([...new Float32Array(bytes.buffer)]).toEqual(embed("Halo", 8).map(Math.fround));
});
