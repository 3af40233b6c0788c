import { expect, test } from "bun:test";
import { attribution, requestNotes } from "./request-notes.ts";

test("only known app categories are kept, at most two, each once", () => {
  const of = (header: string) => attribution(new Headers({ "x-openrouter-categories": header })).appCategories;
  expect(of("cli-agent, nonsense ,CLI-AGENT,legal,game")).toEqual(["cli-agent", "legal"]);
  expect(of("<script>,,")).toEqual([]);
  expect(attribution(new Headers()).appCategories).toEqual([]);
});

test("the app is known by its referer and title, and its origin by either header", () => {
  const headers = new Headers({ "http-referer": "https://app.example.com/chat?x=1", "x-title": "My app" });
  expect(attribution(headers)).toMatchObject({
    appReferer: "https://app.example.com/chat?x=1",
    appTitle: "My app",
    origin: "https://app.example.com",
  });
  expect(attribution(new Headers({ origin: "https://page.example.com" })).origin).toBe("https://page.example.com");
  expect(attribution(new Headers({ referer: "not a url" })).origin).toBeNull();
  expect(attribution(new Headers({ "http-referer": `https://a.example/${"x".repeat(9000)}` })).appReferer?.length).toBe(
    300,
  );
});

test("media are counted wherever a dialect puts them, and nothing of them is kept", () => {
  const body = {
    session_id: "s-1",
    user: "customer-7",
    messages: [
      { role: "user", content: "only words" },
      {
        role: "user",
        content: [
          { type: "text", text: "look" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "input_audio", input_audio: { data: "BBBB", format: "wav" } },
          { type: "tool_result", content: [{ type: "document", source: {} }] },
        ],
      },
    ],
  };
  expect(requestNotes(body, new Headers())).toEqual({
    sessionId: "s-1",
    externalUser: "customer-7",
    mediaPrompt: 3,
    audioPrompt: 1,
  });
});

test("the end user is found where either dialect names them", () => {
  expect(requestNotes({ metadata: { user_id: "siti" } }, new Headers()).externalUser).toBe("siti");
  expect(requestNotes({ user: "budi", metadata: { user_id: "siti" } }, new Headers()).externalUser).toBe("budi");
});

test("fields of a wrong type are no names, and long ones are cut", () => {
  const notes = requestNotes(
    { session_id: 7, user: "u".repeat(5000), messages: "x" },
    new Headers({ "x-session-id": "h" }),
  );
  expect(notes).toEqual({ sessionId: "h", externalUser: "u".repeat(256), mediaPrompt: 0, audioPrompt: 0 });
});

test("media in the results of tools count, in the Responses API too", () => {
  const output = [
    { type: "input_text", text: "this:" },
    { type: "input_image", image_url: "data:image/png;base64,AA" },
  ];
  const input = [
    { type: "function_call_output", call_id: "c", output },
    { type: "function_call_output", call_id: "d", output: "none here" },
    { role: "user", content: [{ type: "input_file", file_id: "f" }] },
  ];
  expect(requestNotes({ input }, new Headers())).toMatchObject({ mediaPrompt: 2, audioPrompt: 0 });
});
