import { expect, test } from "bun:test";
import { curlCall, javascriptCall, pythonCall } from "./call-snippets.ts";

const apiBaseUrl = "https://gapura.example.com/api/v1";
const body = {
  model: "acme/m",
  messages: [{ role: "user", content: 'It\'s "hot"\n$HOME `ls`' }],
  stream: true,
  reasoning: { effort: "high", exclude: false, note: null },
};

test("a shell gets the body exactly, quotes and all, and the key from its environment", async () => {
  const script = curlCall({ apiBaseUrl, body }).replace(/^curl/, "print");
  const shell = Bun.spawn(["bash", "-c", `print() { printf '%s' "\${@: -1}"; }\n${script}`], { stdout: "pipe" });
  expect(JSON.parse(await new Response(shell.stdout).text())).toEqual(body);
  expect(script).toContain("Bearer $GAPURA_API_KEY");
});

test("Python gets its own words for true, false and nothing, and unknown fields as extra ones", () => {
  const code = pythonCall({ apiBaseUrl, body });
  expect(code).toContain("stream=True,");
  expect(code).toContain('extra_body={\n        "reasoning": {');
  expect(code).toContain('"exclude": False,');
  expect(code).toContain('"note": None,');
  expect(code).toContain("for chunk in answer:");
  expect(code).toContain('os.environ["GAPURA_API_KEY"]');
});

test("JavaScript gets the body as it is", () => {
  const code = javascriptCall({ apiBaseUrl, body });
  expect(code).toContain(JSON.stringify(body, null, 2));
  expect(code).toContain("process.env.GAPURA_API_KEY");
});
