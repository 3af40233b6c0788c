/** What pages are told of when it has changed for their account: that it has, not what. */
export const CHANGES = ["usage", "alerts", "keys"] as const;
export type Change = (typeof CHANGES)[number];
