import { expect, test } from "bun:test";
import { modelsFeed } from "./models-feed.ts";

test("names and descriptions of providers cannot break the feed or put anything into it", () => {
  const model = {
    id: "acme/a&b",
    upstreamModel: "a",
    name: "</title><script>\u0000\ud800",
    description: 'He said "no" & <b>left</b>]]>',
    created: 1_700_000_000,
    contextLength: null,
    maxCompletionTokens: null,
    inputModalities: [],
    outputModalities: [],
    supportedParameters: [],
    price: null,
  };
  const feed = modelsFeed([model], "https://gapura.example.com");
  expect(feed).toContain("<title>&lt;/title&gt;&lt;script&gt;\ufffd</title>");
  expect(feed).toContain("<link>https://gapura.example.com/models?q=acme%2Fa%26b</link>");
  expect(feed).toContain("<pubDate>Tue, 14 Nov 2023 22:13:20 GMT</pubDate>");
  expect(feed).not.toContain("<script>");
});
