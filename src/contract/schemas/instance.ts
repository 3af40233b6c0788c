import { z } from "zod";

export const healthSchema = z.object({ status: z.enum(["ok", "draining"]) });

export const instanceSchema = z.object({
  name: z.literal("Gapura"),
  version: z.string(),
  /** The configured address, without a trailing slash; every snippet is made from it. */
  baseUrl: z.string(),
  /**
   * done: somebody owns the instance. firstAccount: nobody does yet and the next account to sign up will.
   * token: nobody does yet and sign-up needs the setup token from the terminal.
   */
  setup: z.enum(["done", "firstAccount", "token"]),
  signUp: z.object({
    policy: z.enum(["open", "invitation", "domains", "single-sign-on"]),
    /** Mail domains that may sign up; empty unless the policy is "domains". */
    domains: z.array(z.string()),
  }),
  /** The OpenID provider that people can log in with. */
  singleSignOn: z.object({ name: z.string() }).nullable(),
  mail: z.object({
    delivery: z.enum(["smtp", "mailbox"]),
    /** True when this caller may open the mailbox page. */
    mailboxOpen: z.boolean(),
  }),
  /** Whether requests and answers are kept, and for how many days: null when nothing of a body is stored. */
  payloadRetentionDays: z.number().int().nullable(),
  /** What stands beside every amount of dollars: a currency, and what one dollar is worth in it. For showing only. */
  display: z.object({ currency: z.string(), rate: z.string() }).nullable(),
  password: z.object({ minLength: z.number().int(), maxLength: z.number().int() }),
});
export type Instance = z.infer<typeof instanceSchema>;

export const providerSchema = z.object({
  slug: z.string(),
  name: z.string(),
  /** Where it was found: environment, configuration file, dashboard, this machine, or built in. */
  source: z.enum(["environment", "file", "dashboard", "local", "builtin"]),
  baseUrl: z.string().nullable(),
  /** disabled: switched off by the owner. locked: its key cannot be opened here. hidden: another one has its slug. */
  state: z.enum(["ready", "checking", "unreachable", "refused", "disabled", "locked", "hidden"]),
  /** How many models it offers, null until its list has been read. */
  models: z.number().int().nullable(),
  /** What is wrong and what to do, when the state is not ready. */
  note: z.string().nullable(),
});
export type Provider = z.infer<typeof providerSchema>;
export const providerListSchema = z.object({ providers: z.array(providerSchema) });
