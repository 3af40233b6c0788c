/** The tables of accounts that several people share, as Kysely sees them. */

/**
 * Who belongs to a team, or did. Everybody belongs to the own account without a row. A row that has ended stays, so that
 * what its person did keeps a name.
 */
export interface AccountMemberTable {
  account_id: string;
  user_id: string;
  /** One of ROLES of the contract. */
  role: string;
  created_at: number;
  /** Null for who made the team. */
  invited_by: string | null;
  last_active_at: number | null;
  ended_at: number | null;
}

/** An invitation that nobody has used: accepting, declining and withdrawing one takes its row away. */
export interface TeamInvitationTable {
  id: string;
  account_id: string;
  email: string;
  role: string;
  /** SHA-256 of the token of the last mail: sending it again makes the former link worthless. */
  token_hash: string;
  invited_by: string;
  created_at: number;
  sent_at: number;
  expires_at: number;
}

/** What somebody wants to see again on a page, in one account. */
export interface SavedViewTable {
  id: string;
  account_id: string;
  user_id: string;
  /** One of VIEW_PAGES of the contract. */
  page: string;
  /** Stands once for each person and page of an account. */
  name: string;
  /** What stands behind the `?` of the page's address. */
  query: string;
  /** 1 where everybody in the account sees it. */
  is_shared: number;
  saved_at: number;
}
