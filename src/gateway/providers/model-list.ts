import type { OfferedModel } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Secret } from "../../kernel/secret.ts";
import { parseUpstreamJson } from "../ingress/upstream-json.ts";
import { boundedText } from "../transport/bounded-text.ts";
import { type Transport, TransportError } from "../transport/transport.ts";
import { type HttpProvider, type ListAnswer, type ModelsRequest, transportFor } from "./http-provider.ts";

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
  const signal = AbortSignal.timeout(timeoutMs);
  const way = transportFor(provider, transport);
  const ask = async ({ url, headers }: ModelsRequest): Promise<ListAnswer> => {
    const answer = await way.send({
      method: "GET",
      url,
      headers: { accept: "application/json", "accept-encoding": "identity", ...headers },
      signal,
      firstByteTimeoutMs: timeoutMs,
    });
    const parsed = parseUpstreamJson(await boundedText(answer, MAX_LIST_BYTES));
    return { status: answer.status, value: parsed.ok ? parsed.value : null };
  };
  try {
    const { status, value } = provider.collectModels
      ? await provider.collectModels(credential, { ask, transport: way })
      : await ask(await (provider.modelsRequest?.(credential) ?? plainRequest(baseUrl, credential)));
    if (status === 401 || status === 403) return keyRefused(name);
    if (status < 200 || status > 299) {
      return { state: "unreachable", note: `${name} answered its model list with status ${status}.` };
    }
    const models = provider.readModels(value);
    if (models) return { state: "ready", models };
    return { state: "unreachable", note: `${name} sent a model list that cannot be read.` };
  } catch (error) {
    if (error instanceof GapuraError && error.code === "provider_auth") return keyRefused(name);
    if (error instanceof TransportError && error.kind === "refused")
      return { state: "forbidden", note: `${error.message}.` };
    return { state: "unreachable", note: `${name} cannot be reached at ${baseUrl}.` };
  }
}

function keyRefused(name: string): ModelList {
  return { state: "refused", note: `${name} does not accept the API key.` };
}

function plainRequest(baseUrl: string, credential: Secret | null): ModelsRequest {
  const headers: Record<string, string> = credential ? { authorization: `Bearer ${credential.reveal()}` } : {};
  return { url: `${baseUrl}/models`, headers };
}
