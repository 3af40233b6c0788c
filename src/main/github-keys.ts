/**
 * The public keys of GitHub's secret scanning, from where the operator says, kept for an hour.
 *
 * Invariants: whoever sends identifiers that do not exist makes GitHub be asked once a minute at most; keys that were read
 * stay in use while GitHub cannot be asked.
 */
import { z } from "zod";
import type { Config } from "../config/schema.ts";
import type { GithubKeys } from "../control/leaks/github-handlers.ts";
import { AddressGuard } from "../gateway/transport/address-guard.ts";
import { boundedText } from "../gateway/transport/bounded-text.ts";
import { boundTo, createTransport } from "../gateway/transport/transport.ts";
import type { Clock } from "../kernel/clock.ts";
import { GapuraError } from "../kernel/errors.ts";
import { parseJson } from "../kernel/json.ts";

const FRESH_MS = 3_600_000;
const ASK_AGAIN_MS = 60_000;
const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 10_000;

const keyList = z.object({ public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })).max(100) });

/** Null unless the operator has named the address. */
export function githubKeysFor({ githubKeysUrl: url, allowPrivateUpstream }: Config, clock: Clock): GithubKeys | null {
  if (url === null) return null;
  const transport = boundTo(createTransport(new AddressGuard({ allowPrivate: allowPrivateUpstream })), [url]);
  const ask = async (): Promise<Map<string, string>> => {
    const answer = await transport.send({
      method: "GET",
      url,
      headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": "gapura" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      firstByteTimeoutMs: TIMEOUT_MS,
    });
    if (!answer.ok) throw new Error(`GitHub's keys were answered with status ${answer.status}`);
    const parsed = parseJson(await boundedText(answer, MAX_BYTES));
    const { public_keys: keys } = keyList.parse(parsed.ok ? parsed.value : null);
    return new Map(keys.map(({ key_identifier, key }) => [key_identifier, key]));
  };
  let known = new Map<string, string>();
  let askedMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let hasFailed = false;
  return async (id) => {
    const ageMs = clock.monotonicMs() - askedMs;
    if (ageMs >= FRESH_MS || (!known.has(id) && ageMs >= ASK_AGAIN_MS)) {
      askedMs = clock.monotonicMs();
      asking = ask()
        .then(
          (keys) => {
            known = keys;
            hasFailed = false;
          },
          () => {
            hasFailed = true;
          },
        )
        .finally(() => {
          asking = null;
        });
    }
    await asking;
    const key = known.get(id);
    // Keys that were known before go on; of the rest nobody knows, and GitHub is to send it again.
    if (key === undefined && hasFailed) throw new GapuraError("github_unreachable", { retryAfterSeconds: 60 });
    return key ?? null;
  };
}
