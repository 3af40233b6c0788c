/** Single sign-on out of its settings: all that it needs, or nothing. */
import type { Secret } from "../kernel/secret.ts";
import type { Gathered } from "./gather.ts";
import type { SettingName } from "./settings.ts";
import { settings } from "./settings.ts";

export interface SingleSignOnConfig {
  /** As the provider writes it. */
  issuer: string;
  clientId: string;
  clientSecret: Secret;
  /** What people call the provider. */
  name: string;
  /** Mail domains; empty for every one. */
  domains: string[];
}

interface Values {
  oidcIssuer?: string | undefined;
  oidcClientId?: string | undefined;
  oidcClientSecret?: Secret | undefined;
  oidcName?: string | undefined;
  oidcDomains: string[];
}

export function singleSignOnOf(values: Values): SingleSignOnConfig | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = values;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return { issuer, clientId, clientSecret, name: values.oidcName ?? new URL(issuer).host, domains: values.oidcDomains };
}

const NEEDED = ["oidcIssuer", "oidcClientId", "oidcClientSecret"] as const satisfies SettingName[];

/** A half-configured provider is off, and a policy that needs one would shut everybody out. */
export function checkSingleSignOn(gathered: Gathered): void {
  const has = (name: SettingName) => gathered.values.has(name);
  const missing = NEEDED.filter((name) => !has(name));
  const given = [...NEEDED, "oidcName", "oidcDomains"] as const;
  const first = given.find(has);
  if (first !== undefined && missing.length > 0) {
    gathered.warnings.push({
      where: gathered.values.get(first)?.source.name ?? settings[first].variable,
      what: "single sign-on needs issuer, client id and client secret together, so it stays off",
      fix: `Set ${missing.map((name) => settings[name].variable).join(" and ")} too, or take this away.`,
    });
  }
  const policy = gathered.values.get("signUpPolicy");
  if (policy?.raw === "single-sign-on" && missing.length > 0) {
    gathered.problems.push({
      where: policy.source.name,
      what: "the policy is single-sign-on, but no OpenID provider is configured, so nobody could sign up",
      fix: "Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.",
    });
  }
}
