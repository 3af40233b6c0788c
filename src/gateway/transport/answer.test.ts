import { expect, test } from "bun:test";
import { WholeAnswer } from "./answer.ts";
import { readHead } from "./http1/head.ts";
import { Stop } from "./stop-signal.ts";

const bytes = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('{"text":"tak apa é"}'), 0xff]);

test("a whole answer reads as the platform's answer with the same head and bytes does, time after time", async () => {
  const head = "HTTP/1.1 299 Fine\r\nContent-Type: text/plain\r\nX-Two: a\r\nx-two:\t b \r\nX-Empty:";
  const { status, headers } = readHead(Buffer.from(head, "latin1"));
  const answer = new WholeAnswer({ status, headers, bytes });
  const theirs = new Response(new Uint8Array(bytes), { status, headers: headers.entries() });
  for (const name of ["content-type", "X-TWO", "x-empty", "x-none"]) {
    expect([name, answer.headers.get(name), answer.headers.has(name)]).toEqual([
      name,
      theirs.headers.get(name),
      theirs.headers.has(name),
    ]);
  }
  expect([answer.status, answer.ok]).toEqual([theirs.status, theirs.ok]);
  expect(await answer.text()).toBe(await theirs.clone().text());
  expect(await answer.text()).toBe(answer.wholeText);
  expect(await new Response(answer.body).bytes()).toEqual(await theirs.bytes());
  expect(new WholeAnswer({ status: 503, headers, bytes }).ok).toBe(false);
});

test("who listens for an end hears it once, and nobody who has stopped listening or comes later", () => {
  const heard: string[] = [];
  const stop = new Stop();
  const leaving = () => heard.push("left");
  stop.addEventListener("abort", () => heard.push("first"));
  stop.addEventListener("abort", leaving);
  stop.addEventListener("abort", () => stop.abort());
  stop.removeEventListener("abort", leaving);
  expect([stop.aborted, stop.reason]).toEqual([false, undefined]);
  stop.abort();
  stop.addEventListener("abort", () => heard.push("late"));
  stop.abort();
  expect(heard).toEqual(["first"]);
  expect([stop.aborted, stop.reason]).toEqual([true, expect.objectContaining({ name: "AbortError" })]);
});
