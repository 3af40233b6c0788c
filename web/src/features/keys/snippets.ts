/**
 * The first request in several forms, ready to paste. The curl command is the founding guide's, word for word, with
 * only this instance's address and the key filled in; code takes the key from the environment instead.
 */

export interface SnippetContext {
  /** With `/api/v1`, without a slash at the end. */
  apiBaseUrl: string;
  /** The whole key, or a placeholder when it cannot be shown any more. */
  key: string;
}

export const KEY_PLACEHOLDER = "<API_KEY>";
export const KEY_VARIABLE = "GAPURA_API_KEY";
export const MANAGEMENT_KEY_VARIABLE = "GAPURA_MANAGEMENT_KEY";

const REQUEST_BODY = `{
  "model": "gpt-3.5",
  "messages": [{"role": "user", "content": "Halo, apa kabar?"}]
}`;

export function curlSnippet({ apiBaseUrl, key }: SnippetContext): string {
  return `curl -X POST ${apiBaseUrl}/chat/completions \\
-H "Authorization: Bearer ${key}" \\
-H "Content-Type: application/json" \\
-d '${REQUEST_BODY}'`;
}

/** Making a key with a management key. */
export function managementSnippet({ apiBaseUrl, key }: SnippetContext): string {
  return `curl -X POST ${apiBaseUrl}/keys \\
-H "Authorization: Bearer ${key}" \\
-H "Content-Type: application/json" \\
-d '{"name": "Project Video Generator", "limit": 5, "limit_reset": "monthly"}'`;
}

/** What to fill in where in Postman. */
export function postmanFields({ apiBaseUrl, key }: SnippetContext) {
  return {
    method: "POST",
    address: `${apiBaseUrl}/chat/completions`,
    headers: [
      { name: "Authorization", value: `Bearer ${key}` },
      { name: "Content-Type", value: "application/json" },
    ],
    body: REQUEST_BODY,
  };
}

export function javascriptSnippet({ apiBaseUrl }: SnippetContext): string {
  return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${apiBaseUrl}",
  apiKey: process.env.${KEY_VARIABLE},
});

const answer = await client.chat.completions.create({
  model: "gpt-3.5",
  messages: [{ role: "user", content: "Halo, apa kabar?" }],
});
console.log(answer.choices[0].message.content);`;
}

export function pythonSnippet({ apiBaseUrl }: SnippetContext): string {
  return `import os
from openai import OpenAI

client = OpenAI(
    base_url="${apiBaseUrl}",
    api_key=os.environ["${KEY_VARIABLE}"],
)

answer = client.chat.completions.create(
    model="gpt-3.5",
    messages=[{"role": "user", "content": "Halo, apa kabar?"}],
)
print(answer.choices[0].message.content)`;
}

export function shellSnippet({ key }: SnippetContext): string {
  return `export ${KEY_VARIABLE}="${key}"`;
}

export function powershellSnippet({ key }: SnippetContext): string {
  return `$env:${KEY_VARIABLE} = "${key}"`;
}
