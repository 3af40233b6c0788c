/** A curl command for an operation, ready to paste: every blank stands for something that only the reader knows. */
import type { JsonObject, JsonValue } from "../../../../src/kernel/json.ts";
import { curlSnippet, KEY_VARIABLE, MANAGEMENT_KEY_VARIABLE } from "../keys/snippets.ts";
import type { ApiOperation } from "./openapi.ts";
import { type Shape, shapeOf } from "./schema-shape.ts";

export function curlExample(operation: ApiOperation, document: JsonObject, baseUrl: string): string {
  if (operation.id === "createChatCompletion") {
    return curlSnippet({ apiBaseUrl: `${baseUrl}/api/v1`, key: `$${KEY_VARIABLE}` });
  }
  const address = `${baseUrl}${operation.path.replace(/\{(\w+)\}/g, "<$1>")}`;
  const lines = [operation.method === "GET" ? `curl "${address}"` : `curl -X ${operation.method} "${address}"`];
  if (operation.access === "key") lines.push(`-H "Authorization: Bearer $${KEY_VARIABLE}"`);
  if (operation.access === "management") lines.push(`-H "Authorization: Bearer $${MANAGEMENT_KEY_VARIABLE}"`);
  if (operation.access === "session") lines.push('-H "Cookie: gapura_session=<session>"');
  if (operation.body) {
    lines.push('-H "Content-Type: application/json"');
    lines.push(`-d '${JSON.stringify(sampleOf(shapeOf(operation.body, document)), null, 2)}'`);
  }
  return lines.join(" \\\n");
}

/** A value of the shape: what is required, filled with words that name themselves. */
function sampleOf(shape: Shape, name = "value"): JsonValue {
  if (shape.isList) return [sampleOf({ ...shape, isList: false }, name)];
  const [first] = shape.values;
  if (first !== undefined) return JSON.parse(first);
  if (shape.fields.length > 0) {
    const required = shape.fields.filter((field) => field.isRequired);
    const fields = required.length > 0 ? required : shape.fields.slice(0, 1);
    return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field.shape, field.name)]));
  }
  if (shape.type === "boolean") return true;
  if (shape.type === "integer" || shape.type === "number") return 1;
  return shape.type === "object" ? {} : `<${name}>`;
}
