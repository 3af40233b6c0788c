/** The instance as its owner sees it: people, how the server does, where mails go, settings in force, copies. */
import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";
import { providerSchema } from "./instance.ts";

export const PERSON_STATES = ["all", "active", "suspended", "unverified"] as const;

export const peopleQuery = pageQuery.extend({
  /** Part of a name or of an e-mail address. */
  q: z.string().max(200).optional(),
  state: z.enum(PERSON_STATES).default("all"),
});

export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** A team has none: its id stands here. */
  email: z.string(),
  /** On the instance. */
  role: z.enum(["owner", "member"]),
  kind: z.enum(["person", "team"]),
  isVerified: z.boolean(),
  joinedAt: timeMs,
  /** The latest use of a session, log-in and use of a key; null for somebody who was never here. */
  lastActiveAt: timeMs.nullable(),
  /** Those that are not deleted. */
  keys: z.number().int(),
  /** Since the first of the month, UTC. */
  monthUsd: usd,
  suspendedAt: timeMs.nullable(),
});
export type Person = z.infer<typeof personSchema>;
export const peoplePageSchema = z.object({
  /** In the order of their addresses. */
  people: z.array(personSchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
});

export const jobSchema = z.object({
  name: z.string(),
  everyMs: z.number().int(),
  isRunning: z.boolean(),
  /** When the last run that has ended began, and how long it took. */
  lastRunAt: timeMs.nullable(),
  lastRunMs: z.number().int().nullable(),
  /** Null while it is running. */
  nextRunAt: timeMs.nullable(),
  /** Null where the last run went well. */
  error: z.object({ at: timeMs, text: z.string() }).nullable(),
});
export type JobView = z.infer<typeof jobSchema>;

export const systemSchema = z.object({
  version: z.string(),
  startedAt: timeMs,
  database: z.object({
    engine: z.enum(["sqlite", "postgres"]),
    version: z.string(),
    sizeBytes: z.number().int(),
  }),
  /** The disk that holds the data folder; null where the system does not tell. */
  disk: z.object({ freeBytes: z.number().int(), sizeBytes: z.number().int() }).nullable(),
  /** Which of the processes answered, from 1, and how many there are. */
  process: z.object({ number: z.number().int(), of: z.number().int() }),
  /** Why usage cannot be written at this moment: the disk is full, or the database does not answer. */
  usageTrouble: z.enum(["full", "gone"]).nullable(),
  /** Those that cannot answer at this moment. */
  failingProviders: z.array(providerSchema),
  jobs: z.array(jobSchema),
});
export type SystemState = z.infer<typeof systemSchema>;

export const configurationSchema = z.object({
  /** The file that was read; null for none. */
  file: z.string().nullable(),
  settings: z.array(
    z.object({
      /** The environment variable; every setting has one. */
      name: z.string(),
      /** In words that anybody may read: no secret stands here. */
      value: z.string(),
      source: z.enum(["flag", "environment", "file", "default"]),
      /** Where exactly: `--port`, `PORT`, `gapura.config.yaml, line 3`. */
      place: z.string(),
    }),
  ),
});
export type ConfigurationView = z.infer<typeof configurationSchema>;

export const mailStateSchema = z.object({
  delivery: z.enum(["smtp", "mailbox"]),
  /** The mail server's host and port; null without one. */
  server: z.string().nullable(),
  from: z.string(),
  /** Mails that wait to be sent, and those that were given up. */
  waiting: z.number().int(),
  failed: z.number().int(),
  /** What the mail server said to the newest mail that could not be sent. */
  lastError: z.string().nullable(),
});
export type MailState = z.infer<typeof mailStateSchema>;

export const mailTestSchema = z.object({
  to: z.string(),
  /** Null when the mail was taken; else what the mail server, or the way to it, said. */
  error: z.string().nullable(),
});

export const backupSchema = z.object({ id: z.string(), name: z.string(), sizeBytes: z.number().int() });
export const backupParams = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, "must be the id of a copy") });
