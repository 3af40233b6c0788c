/** One chat call as code that can be pasted: curl, Python and JavaScript. The key comes from the environment. Pure. */
import type { JsonObject, JsonValue } from "../../../../src/kernel/json.ts";
import { KEY_VARIABLE } from "../keys/snippets.ts";

export interface CallSnippet {
  /** With `/api/v1`, without a slash at the end. */
  apiBaseUrl: string;
  /** The body of the request. */
  body: JsonObject;
}

/** Fields that OpenAI's own packages know; they send all others only as extra ones. */
const OWN_FIELDS = [
  ...["model", "messages", "stream", "temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "stop"],
  ...["tools", "tool_choice", "response_format", "reasoning_effort", "frequency_penalty", "presence_penalty"],
];

export function curlCall({ apiBaseUrl, body }: CallSnippet): string {
  // In single quotes a shell takes everything literally but the quote itself.
  const text = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
  return `curl ${apiBaseUrl}/chat/completions \\
  -H "Authorization: Bearer $${KEY_VARIABLE}" \\
  -H "Content-Type: application/json" \\
  -d '${text}'`;
}

export function pythonCall({ apiBaseUrl, body }: CallSnippet): string {
  const [own, extra] = parted(body);
  const fields = Object.entries(own).map(([name, value]) => `    ${name}=${pythonValue(value, 4)},`);
  const more = Object.keys(extra).length === 0 ? [] : [`    extra_body=${pythonValue(extra, 4)},`];
  return `import os
from openai import OpenAI

client = OpenAI(
    base_url=${JSON.stringify(apiBaseUrl)},
    api_key=os.environ["${KEY_VARIABLE}"],
)

answer = client.chat.completions.create(
${[...fields, ...more].join("\n")}
)
${body.stream === true ? PYTHON_STREAM : "print(answer.choices[0].message.content)"}`;
}

const PYTHON_STREAM = `for chunk in answer:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`;

export function javascriptCall({ apiBaseUrl, body }: CallSnippet): string {
  const call = JSON.stringify(body, null, 2);
  return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: ${JSON.stringify(apiBaseUrl)},
  apiKey: process.env.${KEY_VARIABLE},
});

const answer = await client.chat.completions.create(${call});
${body.stream === true ? JAVASCRIPT_STREAM : "console.log(answer.choices[0].message.content);"}`;
}

const JAVASCRIPT_STREAM = `for await (const chunk of answer) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}`;

function parted(body: JsonObject): [own: JsonObject, extra: JsonObject] {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  const isOwn = ([name]: [string, unknown]) => OWN_FIELDS.includes(name);
  return [Object.fromEntries(entries.filter(isOwn)), Object.fromEntries(entries.filter((entry) => !isOwn(entry)))];
}

/** JSON as Python writes it: its strings are the same, three of its words are not. */
function pythonValue(value: JsonValue | undefined, indent: number): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const pad = " ".repeat(indent + 4);
  const parts = Array.isArray(value)
    ? value.map((item) => pythonValue(item, indent + 4))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pythonValue(item, indent + 4)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `${pad}${part},`).join("\n")}\n${" ".repeat(indent)}${close}`;
}
