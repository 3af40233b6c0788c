/** Reads and checks what an operation is called with: body, query and path, each against its schema of the contract. */
import type { z } from "zod";
import { GapuraError } from "../../kernel/errors.ts";
import { parseJson } from "../../kernel/json.ts";
import { isDeeperThan } from "../../kernel/json-depth.ts";
import { inexactField } from "./exact-numbers.ts";

/** Most bodies of the control plane are small. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_DEPTH = 32;

/** Throws GapuraError: unsupported_media_type, body_too_large, body_too_deep, invalid_json, invalid_field. */
export async function readBody(
  request: Request,
  schema: z.ZodType | undefined,
  maxBytes = MAX_BODY_BYTES,
): Promise<unknown> {
  if (!schema) return undefined;
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new GapuraError("unsupported_media_type");
  const bytes = await readLimited(request, maxBytes);
  const text = new TextDecoder().decode(bytes);
  if (isDeeperThan(MAX_DEPTH, text)) throw new GapuraError("body_too_deep", { values: { limit: MAX_DEPTH } });
  const parsed = parseJson(text);
  if (!parsed.ok) throw new GapuraError("invalid_json", { values: { reason: parsed.reason } });
  const field = inexactField(text);
  if (field !== null) {
    const problem = "this number is too large or has too many digits to be taken exactly";
    throw new GapuraError("invalid_field", {
      values: { field, reason: problem },
      metadata: { problems: [{ field, problem }] },
    });
  }
  return check(schema, parsed.value);
}

/**
 * The value as the schema sees it. Throws invalid_field naming the first violation (`whole` where it is in no field
 * alone), with all of them in metadata.
 */
export function check(schema: z.ZodType | undefined, value: unknown, whole = "body"): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    field: issue.path.join(".") || whole,
    problem: issue.message,
  }));
  const [first] = problems;
  throw new GapuraError("invalid_field", {
    values: { field: first?.field ?? whole, reason: first?.problem ?? "is not valid" },
    metadata: { problems },
  });
}

/** A body as its bytes. Throws body_too_large. */
export async function readLimited(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new GapuraError("body_too_large", { values: { limit: maxBytes } });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
