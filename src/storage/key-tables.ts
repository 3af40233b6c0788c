/** The tables around keys, as Kysely sees them: their secrets, and reminders of their end. */

/** One secret of a key that was rotated. A key that never was has none: its secret is the hash of its own row. */
export interface KeySecretTable {
  /** SHA-256 of the whole key with this secret, hex. */
  hash: string;
  key_id: string;
  label: string;
  created_at: number;
  /** Refused from then on; null for the key's current secret, of which there is one. */
  ends_at: number | null;
}

/** Somebody was reminded of the end of a key. Of another end they are reminded anew. */
export interface KeyReminderTable {
  key_id: string;
  /** The end that it was about. */
  expires_at: number;
  /** How many days before: one of REMINDER_DAYS. */
  days: number;
  user_id: string;
  created_at: number;
  /** When they put it away in the dashboard. */
  dismissed_at: number | null;
}
