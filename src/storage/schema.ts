/**
 * The tables, as Kysely sees them. Portable types only: text, 64-bit integers, epoch milliseconds. Columns that end in
 * `_nano` hold nano-dollars and come back as bigint; every other integer comes back as number, on both engines.
 */
import type { Generated, Insertable, Selectable } from "kysely";
import type { NanoUsd } from "../kernel/money.ts";
import type {
  CredentialTable,
  InvitationTable,
  MailTokenTable,
  SessionTable,
  ThrottleTable,
  UserTable,
  VerificationTable,
} from "./account-tables.ts";
import type {
  AlertChannelTable,
  AlertDeliveryTable,
  AlertSettingTable,
  AlertTable,
  WatchJudgeTable,
  WatchProfileTable,
  WatchUseTable,
} from "./alert-tables.ts";
import type { KeyReminderTable, KeySecretTable } from "./key-tables.ts";
import type {
  BalanceTable,
  BillingTable,
  BudgetTable,
  IdempotentAnswerTable,
  LeaseTable,
  LedgerProcessTable,
  PostingTable,
  ReservationTable,
  SpendLimitTable,
  TransferTable,
} from "./ledger/tables.ts";
import type { LimitNoticeTable, NoticeSettingTable } from "./notice-tables.ts";
import type { InstanceDayTable, UsageDayTable, UsageHourTable } from "./rollups/columns.ts";
import type { AuditHeadTable, AuditTable } from "./schema-safety.ts";
import type {
  AuthenticatorTable,
  IdentityTable,
  KnownDeviceTable,
  PasskeyTable,
  RecoveryCodeTable,
  SignInChallengeTable,
} from "./sign-in-tables.ts";
import type { AccountMemberTable, SavedViewTable, TeamInvitationTable } from "./team-tables.ts";

export interface ApiKeyTable {
  /** The public id: the first eight characters after the prefix. */
  id: string;
  /** SHA-256 of the whole key with its first secret, hex: its address in the key API, which stays for ever. */
  hash: string;
  kind: string;
  user_id: string;
  name: string;
  label: string;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
  disabled_at: number | null;
  /** A deleted key stays as a tombstone: its usage keeps its name and nothing can bring it back. */
  deleted_at: number | null;
  /** Grows with every change, so that an older copy never replaces a newer one in a cache. */
  version: number;
  /** What the key may spend in one window; null for no limit. */
  limit_nano: NanoUsd | null;
  /** "daily", "weekly", "monthly" or null: how often the window begins anew. */
  limit_reset: string | null;
  /** 1 or 0. Kept for the clients that set it: every call here is paid with the operator's provider keys. */
  include_byok_in_limit: number;
  /** The name that the maker of the key gave to its user. */
  external_user: string | null;
  /** The app that got the key through the OAuth flow, as its origin; null for every other key. */
  app_origin: string | null;
  /** The most requests, and tokens, in any minute, and calls at the same time; null for no cap. */
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
  /** From where it may be called, and which models it may call: see `list-column.ts`. */
  allowed_networks: string | null;
  allowed_models: string | null;
  /** Why it is disabled, where nobody pressed the button: "leak_report". */
  disabled_reason: string | null;
  /** When its secret was made, where that is not its first. */
  rotated_at: number | null;
  /** The person who made it; null where nobody in the account did. */
  created_by: string | null;
}

/** A person's consent, until an app has made a key of it. Single use: consuming one is one conditional update. */
export interface AuthCodeTable {
  /** SHA-256 of the code, hex. */
  code_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  code_challenge: string | null;
  /** "S256" or "plain", null without a challenge. */
  code_challenge_method: string | null;
  app_origin: string;
  key_name: string;
  key_limit_nano: NanoUsd | null;
  key_limit_reset: string | null;
  key_expires_at: number | null;
  /** The person who consented. */
  created_by: string | null;
}

/** One row per request, written once and never changed. */
export interface UsageTable {
  id: string;
  request_id: string;
  created_at: number;
  user_id: string;
  key_id: string;
  api_type: string;
  model_requested: string;
  model: string | null;
  provider: string | null;
  upstream_id: string | null;
  streamed: number;
  cancelled: number;
  status: number;
  error_code: string | null;
  finish_reason: string | null;
  native_finish_reason: string | null;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
  cached_tokens: number;
  tokens_estimated: number;
  cost_nano: NanoUsd | null;
  price_version: string | null;
  latency_ms: number;
  first_token_ms: number | null;
  app_referer: string | null;
  app_title: string | null;
  user_agent: string | null;
  /** JSON: one entry per upstream attempt. */
  attempts: string;
  provider_slug: string | null;
  session_id: string | null;
  external_user: string | null;
  service_tier: string | null;
  origin: string | null;
  /** Words with commas between them, or null. */
  app_categories: string | null;
  generation_time_ms: number | null;
  cache_write_tokens: number;
  image_completion_tokens: number;
  media_prompt: number;
  audio_prompt: number;
  media_completion: number;
  upstream_cost_nano: NanoUsd | null;
  cache_discount_nano: NanoUsd | null;
  /** JSON: what of the usage has a price and no column of its own; null where there is none. */
  billed_parts: string | null;
  /** By which rule of docs/billing.md it was charged. */
  settled_as: string | null;
  /** The generation whose answer was given again. */
  response_cache_source_id: string | null;
  preset_id: string | null;
  /** The name of a router that chose the model, such as "openrouter/auto". */
  router: string | null;
  /** What the answer cost beyond what had been set aside for it: the operator's, never the customer's. */
  loss_nano: Generated<NanoUsd>;
}

/** The figures of a price that charges were made with, under the version that they record. */
export interface PriceVersionTable {
  version: string;
  /** JSON. */
  rates: string;
  first_used_at: number;
}

/** A price that the operator has set in the dashboard. */
export interface ModelPriceTable {
  provider: string;
  model: string;
  /** JSON; null once it was taken back. */
  rates: string | null;
  updated_at: number;
  version: number;
}

/** What somebody reported about a generation: one row for each category. */
export interface FeedbackTable {
  generation_id: string;
  category: string;
  user_id: string;
  /** The management key that said it. */
  key_id: string;
  comment: string | null;
  created_at: number;
  updated_at: number;
}

/** Request and answer of a generation, only while payload logging is on. */
export interface PayloadTable {
  generation_id: string;
  user_id: string;
  created_at: number;
  /** Compressed and encrypted; see `stores/sealed-text.ts`. */
  sealed: Uint8Array;
}

/** Sums per key and UTC day, kept in the same transaction as the usage rows, so that no list reads raw rows. */
export interface KeyDayTable {
  key_id: string;
  /** Days since 1970-01-01 UTC. */
  day: number;
  user_id: string;
  requests: number;
  errors: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_nano: NanoUsd;
  last_used_at: number;
}

export interface MailTable {
  id: string;
  recipient: string;
  subject: string;
  text_body: string;
  html_body: string;
  created_at: number;
  attempts: number;
  next_attempt_at: number;
  last_error: string | null;
  /** Set when the SMTP server took it; null while it waits, and for ever when mail goes to the mailbox page. */
  sent_at: number | null;
  /** Set when it was given up. */
  failed_at: number | null;
}

/** A provider that was connected in the dashboard. What it was told is sealed; the rest can be shown. */
export interface ProviderKeyTable {
  id: string;
  /** Unique; never changes, and neither does `type`. */
  slug: string;
  type: string;
  name: string;
  base_url: string;
  /** JSON: the names of the models to offer; null means to ask the provider. */
  models: string | null;
  /** JSON: the fields that are no secrets, for showing them. What is used is sealed. */
  shown_fields: string;
  /** The masked key. */
  label: string;
  /** Which key-encryption key wraps the record's own key. */
  kek_id: string;
  wrapped_key: string;
  /** Every field but the address, as sealed JSON. */
  sealed: string;
  created_at: number;
  updated_at: number;
  disabled_at: number | null;
  /** Its share of the requests beside others of the same priority; 1 leaves that to the prices. */
  weight: Generated<number>;
  /** Lower is asked first. */
  priority: Generated<number>;
  /** Grows with every change but rewrapping. */
  version: number;
}

/** What is wished of the choice of providers for every request of an account, or of the whole instance. */
export interface RoutingDefaultsTable {
  /** The account's id; empty for the instance. */
  owner_id: string;
  /** JSON, as `contract/schemas/routing.ts` has it. */
  wishes: string;
  updated_at: number;
  /** Grows with every change; a row is never deleted, so that the sum over all rows does as well. */
  version: number;
}

export interface PresetTable {
  id: string;
  user_id: string;
  /** Unique in the account. */
  slug: string;
  name: string;
  description: string | null;
  /** "active", "disabled" or "archived". */
  status: string;
  status_updated_at: number | null;
  /** The version that the slug stands for. */
  designated_version_id: string;
  created_at: number;
  updated_at: number;
}

/** What a preset says, and said before: written once and never changed. */
export interface PresetVersionTable {
  id: string;
  preset_id: string;
  /** From 1. */
  version: number;
  creator_id: string;
  system_prompt: string | null;
  /** JSON: the fields of a request that it fills in. */
  config: string;
  created_at: number;
}

export interface InstanceTable {
  name: string;
  value: string;
}

/** How fast all keys of an account together may call; null for no cap. */
export interface AccountCapsTable {
  user_id: string;
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
  updated_at: number;
}

/** What a process may give of a cap by itself, until when. A row without a name is the process's heart. */
export interface CapShareTable {
  name: string;
  process_id: string;
  share: number;
  /** By the database's clock. */
  expires_at: number;
}

export interface Schema {
  user: UserTable;
  session: SessionTable;
  credential: CredentialTable;
  verification: VerificationTable;
  mail_token: MailTokenTable;
  invitation: InvitationTable;
  throttle: ThrottleTable;
  authenticator: AuthenticatorTable;
  recovery_code: RecoveryCodeTable;
  passkey: PasskeyTable;
  known_device: KnownDeviceTable;
  sign_in_challenge: SignInChallengeTable;
  identity: IdentityTable;
  api_key: ApiKeyTable;
  key_secret: KeySecretTable;
  key_reminder: KeyReminderTable;
  auth_code: AuthCodeTable;
  usage: UsageTable;
  price_version: PriceVersionTable;
  model_price: ModelPriceTable;
  key_day: KeyDayTable;
  usage_hour: UsageHourTable;
  usage_day: UsageDayTable;
  instance_day: InstanceDayTable;
  generation_feedback: FeedbackTable;
  generation_payload: PayloadTable;
  mail: MailTable;
  provider_key: ProviderKeyTable;
  routing_defaults: RoutingDefaultsTable;
  preset: PresetTable;
  preset_version: PresetVersionTable;
  instance: InstanceTable;
  account_caps: AccountCapsTable;
  cap_share: CapShareTable;
  budget: BudgetTable;
  billing: BillingTable;
  idempotent_answer: IdempotentAnswerTable;
  spend_limit: SpendLimitTable;
  lease: LeaseTable;
  reservation: ReservationTable;
  ledger_process: LedgerProcessTable;
  transfer: TransferTable;
  posting: PostingTable;
  balance: BalanceTable;
  limit_notice: LimitNoticeTable;
  notice_setting: NoticeSettingTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  watch_use: WatchUseTable;
  watch_profile: WatchProfileTable;
  watch_judge: WatchJudgeTable;
  alert: AlertTable;
  alert_delivery: AlertDeliveryTable;
  alert_setting: AlertSettingTable;
  alert_channel: AlertChannelTable;
  account_member: AccountMemberTable;
  team_invitation: TeamInvitationTable;
  saved_view: SavedViewTable;
}

export type UsageRow = Insertable<UsageTable>;
export type ApiKeyRecord = Selectable<ApiKeyTable>;
export type ProviderKeyRow = Selectable<ProviderKeyTable>;
export type MailRecord = Selectable<MailTable>;
