/**
 * GitHub's secret scanning: it posts the tokens that it has found in public, signed, and hears of each whether it is real.
 *
 * Invariants: nothing is read of a body whose headers name no known key, and nothing believed of one whose signature does
 * not fit its bytes exactly; a real token is frozen before the answer says that it is real; while the operator has named
 * no address of GitHub's keys there is no such endpoint.
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { hashApiKey } from "../../kernel/api-key.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { parseJson } from "../../kernel/json.ts";
import { visitorActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import { readLimited } from "../http/input.ts";
import { freezeLeaked, type LeakDeps, webAddress } from "./leak-handlers.ts";

/** The PEM text of a key of GitHub's; null where it has no such key. Rejects while GitHub cannot be asked. */
export type GithubKeys = (keyIdentifier: string) => Promise<string | null>;

export interface GithubLeakDeps extends LeakDeps {
  /** Null while the operator has not switched it on. */
  githubKeys: GithubKeys | null;
}

/** GitHub sends many findings at a time; its own limit is not published. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FINDINGS = 20_000;

const findings = z
  .array(z.looseObject({ token: z.string().max(1_000), type: z.string().max(200), url: z.string().nullish() }))
  .max(MOST_FINDINGS);

export function githubLeakHandlers(deps: GithubLeakDeps): Handlers<"reportGithubLeaks"> {
  return {
    reportGithubLeaks: async ({ request, visitor }) => {
      if (deps.githubKeys === null) throw new GapuraError("resource_not_found", { values: { what: "This endpoint" } });
      const key = await keyOf(deps.githubKeys, request.headers);
      const bytes = await readLimited(request, MOST_BYTES);
      const signature = Buffer.from(request.headers.get("github-public-key-signature") ?? "", "base64");
      if (!verify("sha256", bytes, { key, dsaEncoding: "der" }, signature)) throw new GapuraError("signature_wrong");
      const read = parseJson(new TextDecoder().decode(bytes));
      const found = findings.safeParse(read.ok ? read.value : null);
      if (!found.success)
        throw new GapuraError("invalid_json", { values: { reason: "an array of findings is expected" } });
      const actor = visitorActor(visitor);
      const isReal = new Map<string, boolean>();
      for (const { token, url } of found.data) {
        if (isReal.has(token)) continue;
        isReal.set(
          token,
          await freezeLeaked(deps, { key: token, foundAt: webAddress.safeParse(url).data ?? null, actor }),
        );
      }
      return {
        body: found.data.map(({ token, type }) => ({
          token_hash: hashApiKey(token),
          token_type: type,
          label: isReal.get(token) === true ? ("true_positive" as const) : ("false_positive" as const),
        })),
      };
    },
  };
}

async function keyOf(githubKeys: GithubKeys, headers: Headers): Promise<KeyObject> {
  const id = headers.get("github-public-key-identifier");
  if (id === null || !/^[\w-]{1,200}$/.test(id)) throw new GapuraError("signature_wrong");
  const pem = await githubKeys(id);
  if (pem === null) throw new GapuraError("signature_wrong");
  const key = createPublicKey(pem);
  const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  if (!isP256) throw new GapuraError("signature_wrong");
  return key;
}
