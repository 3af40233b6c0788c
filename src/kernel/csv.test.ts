import { expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvLine } from "./csv.ts";

test("a cell that a spreadsheet would run begins with an apostrophe", () => {
  const corpus = [
    '=HYPERLINK("http://example.com","Click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\0=1+1",
    "|calc",
    "%0A=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
  ];
  for (const cell of corpus) {
    const [[read = ""] = []]: string[][] = parse(csvLine([cell]));
    expect([cell, read]).toEqual([cell, `'${cell}`]);
  }
});

test("amounts stay numbers, the negative ones too, and harmless text stays as it is", () => {
  expect(csvLine(["-0.5", "12", 3, "Invoice 7", "a@example.com", null])).toBe("-0.5,12,3,Invoice 7,a@example.com,\r\n");
});

test("whatever is in a cell comes back from a reader of CSV, and no cell runs into another", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 5 }), (cells) => {
      const [read = []]: string[][] = parse(csvLine(cells), { relax_column_count: true });
      expect(read).toHaveLength(cells.length);
      for (const [index, cell] of cells.entries()) expect([cell, `'${cell}`]).toContain(read[index] ?? "");
    }),
  );
});
