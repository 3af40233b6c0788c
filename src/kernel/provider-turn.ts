/** What a provider's weight and priority may be, and what they are unless the owner says otherwise. */
export const PROVIDER_TURN = {
  weight: { least: 1, most: 1_000, usual: 1 },
  priority: { least: 0, most: 100, usual: 0 },
} as const;
