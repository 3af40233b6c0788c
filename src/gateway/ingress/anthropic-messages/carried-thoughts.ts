/**
 * Thoughts of other makers on their way through an Anthropic client. Such a client keeps a thought's `signature` and a
 * redacted thought's `data` as they are and sends them back; what the other maker needs back besides (its id, its own
 * seal, whose it is) travels in those two texts, behind a mark that no maker uses.
 */
import { parseJson } from "../../../kernel/json.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";

export const ANTHROPIC_FORMAT = "anthropic-claude-v1";
const MARK = "gapura1.";

/** The signature for a thought whose text the client is shown. */
export function carriedSignature(detail: Exclude<ReasoningDetail, { kind: "encrypted" }>): string {
  const signature = detail.kind === "text" ? detail.signature : null;
  if (detail.format === ANTHROPIC_FORMAT) return signature ?? "";
  if (detail.format === null && detail.id === null) return signature ?? "";
  return MARK + packed([detail.kind, detail.format, detail.id, signature]);
}

/** The data of a redacted thought. */
export function carriedData(detail: Extract<ReasoningDetail, { kind: "encrypted" }>): string {
  if (detail.format === ANTHROPIC_FORMAT) return detail.data;
  return `${MARK + packed([detail.kind, detail.format, detail.id])}.${detail.data}`;
}

/** The thought that a client's block holds. */
export function thoughtOf(text: string, signature: string | null): ReasoningDetail {
  const carried = signature?.startsWith(MARK) ? unpacked(signature.slice(MARK.length)) : undefined;
  if (carried) {
    const [kind, format, id, seal] = carried;
    if (kind === "summary") return { kind, summary: text, id: id ?? null, format: format ?? null };
    return { kind: "text", text, signature: seal ?? null, id: id ?? null, format: format ?? null };
  }
  const isSigned = signature !== null && signature !== "";
  return {
    kind: "text",
    text,
    signature: isSigned ? signature : null,
    id: null,
    format: isSigned ? ANTHROPIC_FORMAT : null,
  };
}

/** The thought that a client's redacted block holds. */
export function redactedThoughtOf(data: string): ReasoningDetail {
  if (!data.startsWith(MARK)) return { kind: "encrypted", data, id: null, format: ANTHROPIC_FORMAT };
  const end = data.indexOf(".", MARK.length);
  const [, format, id] = unpacked(data.slice(MARK.length, end)) ?? [];
  return { kind: "encrypted", data: data.slice(end + 1), id: id ?? null, format: format ?? null };
}

/** True for a signature or data that Anthropic would not take back: another maker's, or none. */
export function isForeign(seal: string): boolean {
  return seal === "" || seal.startsWith(MARK);
}

function packed(parts: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function unpacked(text: string): (string | null)[] | undefined {
  const parsed = parseJson(Buffer.from(text, "base64url").toString("utf8"));
  if (!parsed.ok || !Array.isArray(parsed.value)) return undefined;
  return parsed.value.map((part) => (typeof part === "string" ? part : null));
}
