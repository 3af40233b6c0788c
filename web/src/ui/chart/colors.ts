/** Colours of parts, told apart in light and dark and by most colour-blind readers; the last is for what is left. */
export const PART_COLORS = [
  "var(--chart-1)",
  "var(--chart-2)",
  "var(--chart-3)",
  "var(--chart-4)",
  "var(--chart-5)",
  "var(--chart-6)",
  "var(--chart-7)",
] as const;
export const REST_COLOR = "var(--chart-rest)";

export function partColor(index: number): string {
  return PART_COLORS[index] ?? REST_COLOR;
}
