import type { OfferedModel } from "../../catalog/catalog.ts";
import type { Secret } from "../../kernel/secret.ts";
import { parseUpstreamJson } from "../ingress/upstream-json.ts";
import { boundedText } from "../transport/bounded-text.ts";
import { type Transport, TransportError } from "../transport/transport.ts";
import type { HttpProvider } from "./http-provider.ts";

export type ModelList =
  | { state: "ready"; models: OfferedModel[] }
  /** The provider does not take the key. */
  | { state: "refused"; note: string }
  /** The address guard does not let the gateway go there. */
  | { state: "forbidden"; note: string }
  | { state: "unreachable"; note: string };

const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** Asks a provider for its models. Never rejects. */
export async function readModelList(
  provider: HttpProvider,
  credential: Secret | null,
  { transport, timeoutMs }: { transport: Transport; timeoutMs: number },
): Promise<ModelList> {
  const { name, baseUrl } = provider.descriptor;
  const headers: Record<string, string> = { accept: "application/json", "accept-encoding": "identity" };
  if (credential) headers.authorization = `Bearer ${credential.reveal()}`;
  try {
    const answer = await transport.send({
      method: "GET",
      url: `${baseUrl}/models`,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      firstByteTimeoutMs: timeoutMs,
    });
    if (answer.status === 401 || answer.status === 403) {
      return { state: "refused", note: `${name} does not accept the API key. Check it and restart Gapura.` };
    }
    if (!answer.ok) {
      return { state: "unreachable", note: `${name} answered its model list with status ${answer.status}.` };
    }
    const parsed = parseUpstreamJson(await boundedText(answer, MAX_LIST_BYTES));
    const models = parsed.ok ? provider.readModels(parsed.value) : undefined;
    if (models) return { state: "ready", models };
    return { state: "unreachable", note: `${name} sent a model list that cannot be read.` };
  } catch (error) {
    if (error instanceof TransportError && error.kind === "refused")
      return { state: "forbidden", note: `${error.message}.` };
    return { state: "unreachable", note: `${name} cannot be reached at ${baseUrl}.` };
  }
}
