/** The tables of what people prove themselves with beside a password, as Kysely sees them. */

/** The authenticator app of an account: one, which counts once a code of it was seen. */
export interface AuthenticatorTable {
  user_id: string;
  /** Its secret, sealed (`stores/sealed-text.ts`), in base64. */
  sealed_secret: string;
  created_at: number;
  confirmed_at: number | null;
  /** The newest time step whose code was taken: no code of it or an older one is taken again. */
  last_step: number;
}

export interface RecoveryCodeTable {
  user_id: string;
  /** SHA-256, hex. A code has 80 random bits. */
  hash: string;
  created_at: number;
  used_at: number | null;
}

export interface PasskeyTable {
  id: string;
  user_id: string;
  /** As the authenticator named it, base64url. */
  credential_id: string;
  /** COSE, base64url. */
  public_key: string;
  /** What the authenticator has counted; 0 for those that do not count. */
  counter: number;
  /** Comma-separated. */
  transports: string;
  name: string;
  /** 1 for one that its maker copies to further devices. */
  is_synced: number;
  created_at: number;
  last_used_at: number | null;
}

/** Browsers in which an account has been signed in, by the cookie that they keep. */
export interface KnownDeviceTable {
  user_id: string;
  /** SHA-256 of the cookie, hex. */
  hash: string;
  created_at: number;
  last_seen_at: number;
  /** Until when it needs no second factor; null for always. */
  trusted_until: number | null;
}

/** What has been begun and waits for its second step. Taken away by the one who goes on with it. */
export interface SignInChallengeTable {
  /** SHA-256 of the token that names it, hex. */
  hash: string;
  purpose: string;
  user_id: string | null;
  /** JSON, by purpose. */
  value: string;
  expires_at: number;
}

/** Who somebody is at an OpenID provider. */
export interface IdentityTable {
  id: string;
  user_id: string;
  issuer: string;
  subject: string;
  created_at: number;
  last_used_at: number;
}
