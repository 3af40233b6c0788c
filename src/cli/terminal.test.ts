import { expect, test } from "bun:test";
import { PassThrough } from "node:stream";
import { createTerminal, table } from "./terminal.ts";

function streams(isTTY: boolean) {
  const stream = () => Object.assign(new PassThrough(), { isTTY });
  return { input: stream(), output: stream(), error: stream() };
}

test("colour appears on a terminal alone, and not when NO_COLOR or TERM=dumb asks for none", () => {
  const painted = (isTTY: boolean, env: Record<string, string>) =>
    createTerminal(streams(isTTY), env).paint("ok", "green");
  expect(painted(true, {})).toBe("\u001b[32mok\u001b[39m");
  expect(painted(true, { NO_COLOR: "" })).toContain("\u001b");
  expect(painted(false, {})).toBe("ok");
  expect(painted(true, { NO_COLOR: "1" })).toBe("ok");
  expect(painted(true, { TERM: "dumb" })).toBe("ok");
});

test("a question is asked on standard error and never on standard output", async () => {
  const all = streams(true);
  const shown: string[] = [];
  all.error.on("data", (chunk) => shown.push(String(chunk)));
  const terminal = createTerminal(all, {});
  const answer = terminal.ask("Full name: ");
  all.input.write("  Budi Santoso \n");
  expect(await answer).toBe("Budi Santoso");
  expect(shown.join("")).toContain("Full name: ");
  expect(all.output.read()).toBeNull();
});

test("a question whose input ends is rejected instead of waiting for ever", async () => {
  const all = streams(true);
  const answer = createTerminal(all, {}).ask("Full name: ");
  all.input.end();
  await expect(answer).rejects.toThrow("no answer was given");
});

test("columns are as wide as their widest cell, counted in what the eye sees", () => {
  expect(
    table([
      ["a", "1"],
      ["kunci é", "2"],
      ["日本", "3"],
    ]),
  ).toEqual(["a        1", "kunci é  2", "日本     3"]);
});
