/** Which providers were found and whether they answer. */
import type { Provider } from "../../contract/schemas/instance.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const sourceWords: Record<Provider["source"], string> = {
  environment: "from the environment",
  file: "from the configuration file",
  dashboard: "from the dashboard",
  local: "found on this machine",
  builtin: "built in",
};

export function checkProviderList(providers: readonly Provider[]): Finding[] {
  const findings = providers.map(findingOf);
  if (providers.some((provider) => provider.source !== "builtin")) return findings;
  const fix =
    "Add a provider in the dashboard, set OPENAI_API_KEY or OPENROUTER_API_KEY, start Ollama, or add one to gapura.config.yaml.";
  return [...findings, warn("providers", "no real provider is connected, so only the sandbox answers", fix)];
}

function findingOf(provider: Provider): Finding {
  const where = provider.baseUrl === null ? "" : `, ${provider.baseUrl}`;
  const name = `${provider.name} (${sourceWords[provider.source]}${where})`;
  const note = provider.note ?? "";
  if (provider.state === "ready") {
    const models = provider.models === null ? "" : `, ${provider.models} models`;
    return ok("providers", `${name} answers${models}`);
  }
  if (provider.state === "checking")
    return warn("providers", `${name} has not answered in time`, note || "Try again; if it stays, check its address.");
  if (provider.state === "refused")
    return fail("providers", `${name} refuses the key`, note || "Check the API key of this provider.");
  return fail("providers", `${name} cannot be reached`, note || "Check its address and the network.");
}
