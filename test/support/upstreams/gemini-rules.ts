/** What Google refuses of a generateContent body, as far as a mistake of the gateway could cause it. */
import type { Content, Part } from "@google/genai";

const FIELDS = new Set([
  ...["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent"],
  ...["labels", "serviceTier"],
]);

/** The sentence of the refusal, null for a body that is taken. */
export function geminiRefusal(body: Record<string, unknown>): string | null {
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`;
  const contents = body.contents as Content[] | undefined;
  if (!Array.isArray(contents) || contents.length === 0) return "contents are required";
  let called = 0;
  for (const [at, { role, parts = [] }] of contents.entries()) {
    if (role !== "user" && role !== "model") return "Please use a valid role: user, model.";
    if (role === contents[at - 1]?.role) return `contents[${at}]: turns of one side must be joined`;
    if (parts.length === 0) return `contents[${at}].parts: must not be empty`;
    const empty = parts.findIndex((part) => !isPart(part));
    if (empty !== -1) return `contents[${at}].parts[${empty}].data: required oneof field 'data' must be initialized`;
    const results = parts.filter(({ functionResponse }) => functionResponse).length;
    if (called !== results) return "the number of function response parts must equal that of function call parts";
    called = parts.filter(({ functionCall }) => functionCall).length;
  }
  return null;
}

function isPart({ text, functionCall, functionResponse, inlineData, fileData }: Part): boolean {
  return [text, functionCall, functionResponse, inlineData, fileData].filter((one) => one !== undefined).length === 1;
}

/** What Google refuses of a body for embeddings. `operation` is the end of the path. */
export function geminiEmbeddingRefusal(operation: string, model: string, body: Record<string, unknown>): string | null {
  if (operation === "predict") return predictRefusal(model, body);
  const single = operation === "embedContent";
  const requests = single ? [body] : (body.requests as Record<string, unknown>[] | undefined);
  if (!Array.isArray(requests) || requests.length === 0) return "* BatchEmbedContentsRequest.requests: must be set";
  if (requests.length > 100) return "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch";
  const known = single
    ? ["content", "embedContentConfig"]
    : ["model", "content", "taskType", "title", "outputDimensionality"];
  for (const request of requests) {
    const unknown = Object.keys(request).find((name) => !known.includes(name));
    if (unknown !== undefined) return `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`;
    if (!single && request.model !== `models/${model}`)
      return "* BatchEmbedContentsRequest.requests[0].model: must match";
    const { parts = [] } = request.content as Content;
    if (parts.length === 0 || !parts.every(isPart)) return "* EmbedContentRequest.content: contents must not be empty";
  }
  return null;
}

function predictRefusal(model: string, body: Record<string, unknown>): string | null {
  const instances = body.instances as Record<string, unknown>[] | undefined;
  if (!Array.isArray(instances)) return "Empty instances.";
  if (model === "gemini-embedding-001" && instances.length > 1) {
    return `Unable to submit request because batchSize must be 1 but the entered value was ${instances.length}.`;
  }
  return instances.every(({ content }) => typeof content === "string" && content !== "") ? null : "content is empty";
}
