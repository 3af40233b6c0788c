import type { Config } from "../config/schema.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Secret } from "../kernel/secret.ts";
import type { Storage } from "../storage/open.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import type { KeyStore } from "../storage/stores/keys.ts";
import type { MailStore } from "../storage/stores/mail.ts";
import type { ProviderKeyStore } from "../storage/stores/provider-keys.ts";
import type { Log } from "../telemetry/log.ts";

/** What every part is made from. */
export interface Ground {
  config: Config;
  clock: Clock;
  log: Log;
  secret: Secret;
  storage: Storage;
  keys: KeyStore;
  audit: AuditStore;
  mails: MailStore;
  providerKeys: ProviderKeyStore;
}
