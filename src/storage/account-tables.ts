/**
 * The tables of people, their sessions and their invitations, as Kysely sees them. The four of better-auth (user, session,
 * credential, verification) keep the types that it expects per engine.
 */
import type { Generated } from "kysely";

/** better-auth's dates: ISO text in SQLite, timestamptz in PostgreSQL. Other code reads them through `authTimeMs`. */
export type AuthTime = string | Date;
/** better-auth's booleans: 0 or 1 in SQLite, boolean in PostgreSQL. */
export type AuthBoolean = number | boolean;

export interface UserTable {
  id: string;
  name: string;
  email: string;
  email_verified: AuthBoolean;
  image: string | null;
  created_at: AuthTime;
  updated_at: AuthTime;
  /** "owner" for the person who owns the instance, "member" for everybody else. */
  role: string;
  /** "en", "id" or null: the language of mails. */
  locale: string | null;
  /** Epoch milliseconds; not null means the account may do nothing. */
  suspended_at: number | null;
  /** From where its keys may be called: see `stores/allowed-networks.ts`. */
  allowed_networks: string | null;
  /**
   * "person", or "team" for an account that several people share. A team has keys, budgets and books as everybody has, and
   * no way to sign in: its `email` is its id, which is no address.
   */
  kind: Generated<string>;
  /** Where the next session of this person begins to work; null for the own account. */
  active_account: Generated<string | null>;
}

export interface SessionTable {
  id: string;
  /** SHA-256 of the session token: the token itself is only in the browser's cookie. */
  token: string;
  user_id: string;
  expires_at: AuthTime;
  created_at: AuthTime;
  updated_at: AuthTime;
  ip_address: string | null;
  user_agent: string | null;
  /** Epoch milliseconds of the last proof that it is still the same person; null until somebody noted it. */
  proven_at: number | null;
  /** What it began with: see `SIGN_IN_WAYS` of the contract. */
  signed_in_with: string | null;
  /** The account that it works in; null for its person's own. Counts only while that person belongs to it. */
  active_account: string | null;
}

export interface CredentialTable {
  id: string;
  account_id: string;
  provider_id: string;
  user_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: AuthTime | null;
  refresh_token_expires_at: AuthTime | null;
  scope: string | null;
  /** argon2id in PHC form. */
  password: string | null;
  created_at: AuthTime;
  updated_at: AuthTime;
}

export interface VerificationTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: AuthTime;
  created_at: AuthTime;
  updated_at: AuthTime;
}

/** Single-use tokens of mailed links. Only the hash is kept; consuming one is one conditional update. */
export interface MailTokenTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  /** "sign_up", "email_change" or "password_reset". */
  purpose: string;
  /** The address it proves. */
  email: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  /** What the sign-up of this link chose, when it was not the account's first; taken over when the link is used. */
  name: string | null;
  /** argon2id in PHC form. */
  password_hash: string | null;
}

export interface InvitationTable {
  id: string;
  email: string;
  token_hash: string;
  invited_by: string;
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
}

/** Counters that bound guessing and mailing. The name is made only of values that the server derived itself. */
export interface ThrottleTable {
  name: string;
  count: number;
  window_started_at: number;
  blocked_until: number;
}
