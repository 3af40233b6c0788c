/**
 * Reports of leaked keys, by anybody. Whoever presents a whole key has proven by it that the key is out, so it is frozen
 * and its owner told; the owner can enable it again.
 *
 * Invariants: the answer is given before anything is looked up, so that neither it nor its time tells whether a key
 * exists; a key is frozen, never deleted; its owner gets one mail for each freeze, however often it is reported.
 */
import { z } from "zod";
import { hashApiKey, parseApiKey } from "../../kernel/api-key.ts";
import type { AuditActor } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { MailMessage } from "../../mail/templates.ts";
import type { AccountStore } from "../../storage/stores/accounts.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { addressName, refuseIfWaiting, rules, type Throttle } from "../accounts/throttle.ts";
import { visitorActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import type { KeyAdministration } from "../keys/key-administration.ts";

export interface LeakDeps {
  keys: Pick<KeyStore, "findByHash">;
  administration: KeyAdministration;
  accounts: Pick<AccountStore, "contact">;
  throttle: Throttle;
  clock: Clock;
  baseUrl: string;
  mail(to: string, locale: Locale, message: MailMessage): Promise<void>;
  /** Goes on with work after the answer; failures are logged. */
  inBackground(work: () => Promise<void>): void;
}

/** Where a key was found is shown to its owner, so it may be a web address and nothing else. */
export const webAddress = z.url({ protocol: /^https?$/ });

export function leakHandlers(deps: LeakDeps): Handlers<"reportLeak"> {
  return {
    reportLeak: async ({ body, visitor }) => {
      refuseIfWaiting(await deps.throttle.take(addressName("leak-report", visitor.ipAddress), rules.addressAttempts));
      const foundAt = webAddress.safeParse(body.url).data ?? null;
      deps.inBackground(async () => {
        await freezeLeaked(deps, { key: body.key, foundAt, actor: visitorActor(visitor) });
      });
      return { body: { received: true } };
    },
  };
}

interface Report {
  key: string;
  foundAt: string | null;
  actor: AuditActor;
}

/** Freezes the key of a report, and tells its owner, once. True where this instance has issued such a key. */
export async function freezeLeaked(deps: LeakDeps, { key, foundAt, actor }: Report): Promise<boolean> {
  if (parseApiKey(key) === undefined) return false;
  const found = await deps.keys.findByHash(hashApiKey(key));
  if (found === null) return false;
  // A former secret that has ended opens nothing any more, and neither does a deleted key.
  const hasEnded = found.secretEndsAt !== null && found.secretEndsAt <= deps.clock.nowMs();
  if (found.deleted_at !== null || hasEnded) return true;
  const place = { userId: found.user_id, id: found.id };
  const frozen = await deps.administration.freeze(actor, place, { reason: "leak_report", foundAt });
  const owner = frozen && (await deps.accounts.contact(found.user_id));
  if (!owner) return true;
  const { name, email, locale } = owner;
  const message = {
    kind: "key_frozen",
    name,
    url: `${deps.baseUrl}/keys`,
    keyName: found.name,
    label: found.label,
  } as const;
  await deps.mail(email, locale ?? "en", { ...message, foundAt });
  return true;
}
