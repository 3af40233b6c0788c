import { describe, expect, test } from "bun:test";
import {
  curlSnippet,
  javascriptSnippet,
  postmanFields,
  powershellSnippet,
  pythonSnippet,
  shellSnippet,
} from "./snippets.ts";

const context = { apiBaseUrl: "https://gateway.example.com/api/v1", key: "gpr_invented" };

/** The command of the founding guide, with its address and its blank for the key. */
const GUIDE = `curl -X POST https://openrouter.ai/api/v1/chat/completions \\
-H "Authorization: Bearer <API_KEY_ANDA>" \\
-H "Content-Type: application/json" \\
-d '{
  "model": "gpt-3.5",
  "messages": [{"role": "user", "content": "Halo, apa kabar?"}]
}'`;

describe("the examples", () => {
  test("hold the founding guide's command word for word, but for address and key", () => {
    const expected = GUIDE.replace("https://openrouter.ai/api/v1", context.apiBaseUrl).replace(
      "<API_KEY_ANDA>",
      context.key,
    );
    expect(curlSnippet(context)).toBe(expected);
  });

  test("use this instance's address everywhere", () => {
    expect(postmanFields(context).address).toBe("https://gateway.example.com/api/v1/chat/completions");
    expect(javascriptSnippet(context)).toContain(`baseURL: "${context.apiBaseUrl}"`);
    expect(pythonSnippet(context)).toContain(`base_url="${context.apiBaseUrl}"`);
  });

  test("keep the key out of source code: programs take it from the environment", () => {
    for (const code of [javascriptSnippet(context), pythonSnippet(context)]) {
      expect(code).not.toContain(context.key);
      expect(code).toContain("GAPURA_API_KEY");
    }
    expect(shellSnippet(context)).toBe('export GAPURA_API_KEY="gpr_invented"');
    expect(powershellSnippet(context)).toBe('$env:GAPURA_API_KEY = "gpr_invented"');
  });

  test("are JSON where Postman wants JSON", () => {
    expect(JSON.parse(postmanFields(context).body)).toEqual({
      model: "gpt-3.5",
      messages: [{ role: "user", content: "Halo, apa kabar?" }],
    });
  });
});
