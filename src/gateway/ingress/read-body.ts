import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../kernel/json.ts";
import { type FieldSpan, MAX_FIELDS, MAX_JSON_VALUES, scanBody } from "./body-scan.ts";

export interface BodyLimits {
  maxBytes: number;
  maxDepth: number;
}

/** A client's JSON object: the bytes as they came, where its fields stand, and what they mean. */
export interface JsonBody {
  bytes: Uint8Array<ArrayBuffer>;
  fields: FieldSpan[];
  value: JsonObject;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Reads a request's body once, within its limits. Throws GapuraError: body_too_large, body_compressed, body_encoding,
 * body_too_deep, duplicate_field, invalid_json, body_not_object, unsupported_media_type.
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<JsonBody> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") throw new GapuraError("body_compressed");
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limits.maxBytes) throw tooLarge(limits);
  const bytes = await readBytes(request, limits);
  return parseBody(bytes, limits);
}

/** The pure part of reading: bytes in, checked object out. Throws as readJsonBody does. */
export function parseBody(bytes: Uint8Array<ArrayBuffer>, limits: BodyLimits): JsonBody {
  const scan = scanBody(bytes, limits.maxDepth);
  if (!scan.ok) {
    if (scan.problem === "duplicate") throw new GapuraError("duplicate_field", { values: { field: scan.field } });
    if (scan.problem === "too-deep") throw new GapuraError("body_too_deep", { values: { limit: limits.maxDepth } });
    if (scan.problem === "too-many-values") {
      throw new GapuraError("invalid_json", { values: { reason: `it holds more than ${MAX_JSON_VALUES} values` } });
    }
    if (scan.problem === "too-many-fields") {
      throw new GapuraError("invalid_json", { values: { reason: `it has more than ${MAX_FIELDS} fields` } });
    }
  }
  const parsed = parseJson(decode(bytes));
  if (!parsed.ok) throw new GapuraError("invalid_json", { values: { reason: parsed.reason } });
  if (!scan.ok || !isJsonObject(parsed.value)) throw new GapuraError("body_not_object");
  return { bytes, fields: scan.fields, value: parsed.value };
}

async function readBytes(request: Request, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  if (request.headers.has("content-length")) {
    try {
      return new Uint8Array(await request.arrayBuffer());
    } catch (cause) {
      throw new GapuraError("invalid_json", { values: { reason: "it ended before its declared length" }, cause });
    }
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > limits.maxBytes) throw tooLarge(limits);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new GapuraError("body_encoding", { cause });
  }
}

function tooLarge(limits: BodyLimits): GapuraError {
  return new GapuraError("body_too_large", { values: { limit: limits.maxBytes } });
}
