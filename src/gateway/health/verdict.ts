/** What a failed attempt says: about the provider, about the credential, or only about the request. Pure. */
import type { GapuraError } from "../../kernel/errors.ts";

export type Verdict =
  /** The provider failed: 5xx, no answer, an answer that cannot be read or broke off. */
  | "failure"
  /** The provider does not know what it says that it serves (404). Counts against it, but a client can bring it about. */
  | "missing"
  /** The provider does not take the gateway's credential, or its account has no money left (401, 402). */
  | "credential"
  /** This credential may not do this (403). Another may; a client can bring it about, so it counts against nobody. */
  | "forbidden"
  /** Too much at once for this credential (429). */
  | "limited"
  /** About the request, the client, or this gateway alone. */
  | "none";

export function verdictOf(failure: GapuraError): Verdict {
  const status = failure.metadata?.upstream_status;
  switch (failure.code) {
    case "provider_rate_limited":
      return "limited";
    case "provider_auth":
      return status === 403 ? "forbidden" : "credential";
    case "provider_unavailable":
    case "provider_overloaded":
    case "provider_timeout":
    case "provider_invalid_response":
    case "provider_stream_broken":
      return "failure";
    case "provider_refused":
      return status === 404 ? "missing" : "none";
    default:
      return "none";
  }
}

/** True where another credential of the same endpoint may do better. */
export function blamesCredential(verdict: Verdict): boolean {
  return verdict === "credential" || verdict === "forbidden" || verdict === "limited";
}
