/**
 * The log: one line per event, fields from an allow-list. What is not on the list cannot be logged, which is safer
 * than trying to recognise secrets afterwards; free text is still swept for anything that looks like a key.
 */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Every field a line may have. None of them ever holds a body, a header, a key or a password. */
export interface LogFields {
  requestId?: string | undefined;
  operation?: string | undefined;
  provider?: string | undefined;
  /** Who did it, where a person did. */
  userId?: string | undefined;
  status?: number | undefined;
  reason?: string | undefined;
  count?: number | undefined;
  durationMs?: number | undefined;
  /** Logged as its name, its swept message and its stack. */
  error?: unknown;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const SECRETS = [
  /\b(?:gprm?|sk|pk|rk|gsk|xai)[-_][\w-]{6,}/g,
  /\b(?:Bearer|Basic)\s+\S+/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi,
  /([?&](?:token|key|password|invitation)=)[^\s&]+/gi,
];

/** `write` gets whole lines. With `pretty` they are for people, else JSON. */
export function createLog(options: { level: LogLevel; pretty: boolean; write(line: string): void }): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (ORDER[level] < ORDER[options.level]) return;
      const entry = { time: new Date().toISOString(), level, event, ...plain(fields) };
      options.write(options.pretty ? prettyLine(entry) : JSON.stringify(entry));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Takes out of a text whatever looks like a credential. */
export function sweep(text: string): string {
  return SECRETS.reduce(
    (swept, secret) => swept.replace(secret, (_, kept) => `${typeof kept === "string" ? kept : ""}[secret]`),
    text,
  );
}

function plain({ error, ...fields }: LogFields): Record<string, string | number | undefined> {
  const reason = fields.reason === undefined ? undefined : sweep(fields.reason);
  const swept = { ...fields, ...(reason === undefined ? {} : { reason }) };
  if (error === undefined) return swept;
  if (!(error instanceof Error)) return { ...swept, error: "unknown" };
  const cause = error.cause instanceof Error ? ` (${error.cause.name}: ${error.cause.message})` : "";
  return { ...swept, error: sweep(`${error.name}: ${error.message}${cause}`), stack: sweep(error.stack ?? "") };
}

function prettyLine(entry: { time: string; level: string; event: string } & Record<string, unknown>): string {
  const { time, level, event, ...fields } = entry;
  const details = Object.entries(fields).filter(([, value]) => value !== undefined);
  return [time.slice(11, 19), level, event, ...details.map(([name, value]) => `${name}=${value}`)].join(" ");
}
