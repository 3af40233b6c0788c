/** How one server's Responses dialect differs from OpenAI's, and what its models take, as data. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { Effort } from "../../canonical/request.ts";
import { OWN_FORMAT } from "../../ingress/openai-responses/sealed-thoughts.ts";

export interface ResponsesQuirks {
  /** Top-level fields that it rejects; they are taken out and reported as dropped. */
  rejects: readonly string[];
  /** More of them, where that depends on the model or on what else is asked. */
  rejectsFor?(body: JsonObject, upstreamModel: string): readonly string[];
  /** Fields of OpenRouter's API that this server knows too. */
  keeps: readonly string[];
  /** Efforts of thinking that a model takes; null for one that does not think, "any" where the server sorts that out. */
  efforts(upstreamModel: string): readonly Effort[] | null | "any";
  takesVerbosity(upstreamModel: string): boolean;
  /** The format of its thoughts; null for a server that passes on those of others, in any. */
  thoughts: string | null;
}

/** A server that speaks the dialect as OpenAI does, and of whose models nothing is known. */
export const PLAIN_RESPONSES: ResponsesQuirks = {
  rejects: [
    ...["top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed", "logit_bias"],
    ...["logprobs", "stop", "modalities", "audio", "image_config", "prediction", "cache_control"],
    "stop_server_tools_when",
  ],
  keeps: [],
  efforts: () => "any",
  takesVerbosity: () => true,
  thoughts: OWN_FORMAT,
};
