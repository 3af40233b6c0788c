/** When a price is another one: for long prompts, at certain hours, on certain days, from a date on. All in UTC. */
export interface PriceCondition {
  /** For prompts longer than this. */
  abovePromptTokens?: number | undefined;
  hours?: UtcHours | undefined;
  /** Days of the week on which it holds, 0 for Sunday; every day when missing. */
  days?: readonly number[] | undefined;
  /** From this time on, epoch milliseconds. */
  fromMs?: number | undefined;
}

/** Minutes of the day, the first one included and the last one not; across midnight where the end comes first. */
export interface UtcHours {
  startMinute: number;
  endMinute: number;
}

const MINUTE_MS = 60_000;
const MINUTES_OF_DAY = 1_440;

/** Those whose conditions all hold for a prompt of this length at a time, in their order. */
export function whichHold<Entry extends { when: PriceCondition }>(
  entries: readonly Entry[],
  promptTokens: number,
  atMs: number,
): Entry[] {
  return entries.filter(({ when }) => {
    const { abovePromptTokens, hours, days, fromMs } = when;
    if (abovePromptTokens !== undefined && promptTokens <= abovePromptTokens) return false;
    if (fromMs !== undefined && atMs < fromMs) return false;
    if (days !== undefined && !days.includes(new Date(atMs).getUTCDay())) return false;
    return hours === undefined || isWithin(hours, Math.floor(atMs / MINUTE_MS) % MINUTES_OF_DAY);
  });
}

function isWithin({ startMinute, endMinute }: UtcHours, minute: number): boolean {
  if (startMinute <= endMinute) return minute >= startMinute && minute < endMinute;
  return minute >= startMinute || minute < endMinute;
}

/** The clock number by which OpenRouter writes a minute of the day: hours × 100 + minutes, 1530 for 15:30. */
export function clockNumber(minute: number): number {
  return Math.floor(minute / 60) * 100 + (minute % 60);
}

/** The minute of the day of a clock number, undefined for what is none. 2400 is the end of the day. */
export function minuteOfClock(clock: number): number | undefined {
  const hours = Math.floor(clock / 100);
  const minutes = clock % 100;
  if (!Number.isInteger(clock) || clock < 0 || minutes > 59 || hours > 24) return undefined;
  const minute = hours * 60 + minutes;
  return minute > MINUTES_OF_DAY ? undefined : minute;
}

export const DAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
