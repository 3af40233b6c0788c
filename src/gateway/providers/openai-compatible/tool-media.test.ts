import { expect, test } from "bun:test";
import type { ContentPart, Message } from "../../canonical/request.ts";
import { withMediaShownByUser } from "./tool-media.ts";

const text = (words: string) => ({ kind: "text" as const, text: words, cache: null });
const picture: ContentPart = {
  kind: "image",
  source: { kind: "base64", mediaType: "image/png", data: "AA==" },
  detail: null,
  cache: null,
};
const result = (toolCallId: string, parts: ContentPart[]): Message => ({
  role: "tool",
  toolCallId,
  parts,
  isError: false,
  cache: null,
});
const user = (parts: ContentPart[], name: string | null = null): Message => ({ role: "user", parts, name });

test("pictures among the results of parallel tools come after all the results, before what the user says", () => {
  const written = withMediaShownByUser([
    result("a", [text("one"), picture]),
    result("b", [text("two")]),
    result("c", [picture]),
    user([text("And now?")]),
  ]);
  expect(written.map(({ role }) => role)).toEqual(["tool", "tool", "tool", "user"]);
  for (const message of written.slice(0, 3)) {
    expect(message.parts.length).toBeGreaterThan(0);
    expect(message.parts.every(({ kind }) => kind === "text")).toBe(true);
  }
  expect(written[3]?.parts).toEqual([
    text("From the result of the tool call a:"),
    picture,
    text("From the result of the tool call c:"),
    picture,
    text("And now?"),
  ]);
});

test("where the user says nothing after a picture of a tool, a message of the user shows it", () => {
  const assistant: Message = { role: "assistant", parts: [text("I see.")], name: null };
  const roles = (messages: Message[]) => withMediaShownByUser(messages).map(({ role }) => role);
  expect(roles([result("a", [picture])])).toEqual(["tool", "user"]);
  expect(roles([result("a", [picture]), assistant])).toEqual(["tool", "user", "assistant"]);
});

test("a conversation without such pictures stays as it is", () => {
  const messages = [user([picture], "Budi"), result("a", [text("one")]), user([text("x")])];
  expect(withMediaShownByUser(messages)).toEqual(messages);
});
