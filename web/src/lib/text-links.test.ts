import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { splitLinks } from "./text-links.ts";

describe("the links of a mail", () => {
  test("lead where the mail says, without the punctuation around them", () => {
    const parts = splitLinks("Open http://localhost:8787/verify?token=a-b_c. (Or https://example.com/x!)");
    expect(parts.flatMap(({ href }) => href ?? [])).toEqual([
      "http://localhost:8787/verify?token=a-b_c",
      "https://example.com/x",
    ]);
  });

  test("are web addresses alone: nothing that runs a script becomes a link", () => {
    expect(splitLinks("javascript:alert(1) data:text/html,x").every(({ href }) => href === null)).toBe(true);
  });

  test("take nothing from the text", () => {
    const word = fc.oneof(fc.string(), fc.webUrl(), fc.constant("http://"), fc.constant(". "));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join(" ");
        expect(
          splitLinks(text)
            .map((part) => part.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
