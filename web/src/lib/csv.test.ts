import { expect, test } from "bun:test";
import { csvText } from "./csv.ts";

test("a cell keeps its commas, quotes and lines, and is never a formula", () => {
  expect(csvText([["a,b", 'say "hi"', "one\ntwo", 1, null], ["=1+1"]])).toBe(
    '"a,b","say ""hi""","one\ntwo",1,\r\n\'=1+1\r\n',
  );
});

test("a formula behind what nobody sees is none either", () => {
  expect(csvText([[" =1+1", "\u00a0@A1", "|calc"]])).toBe("' =1+1,'\u00a0@A1,'|calc\r\n");
});

test("an amount below nothing stays a number, and what only begins like one does not", () => {
  expect(csvText([["-1.5", "-1+2"]])).toBe("-1.5,'-1+2\r\n");
});
