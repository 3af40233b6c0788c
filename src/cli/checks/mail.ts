/** Whether the mail server lets Gapura in. Sends nothing. */
import { createTransport } from "nodemailer";
import { isReachable } from "../../config/hosts.ts";
import type { Config } from "../../config/schema.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const TIMEOUT_MS = 8_000;

export async function checkMail(config: Config): Promise<Finding[]> {
  if (config.smtpUrl === null) return [withoutServer(config)];
  const { host } = new URL(config.smtpUrl.reveal());
  const transport = createTransport({
    url: config.smtpUrl.reveal(),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  try {
    await transport.verify();
    return [ok("mail", `${host} accepts Gapura; mails come from ${config.mailFrom}`)];
  } catch (error) {
    return [refusal(host, error)];
  } finally {
    transport.close();
  }
}

function withoutServer(config: Config): Finding {
  const text = "no mail server is set";
  if (!isReachable(config)) return ok("mail", `${text}; mails are shown on the mailbox page of this machine`);
  return warn("mail", text, "Set SMTP_URL, or nobody on another machine can confirm an address.");
}

/** The error's code only: its text may repeat what the server said to a wrong password. */
function refusal(host: string, error: unknown): Finding {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  if (code === "EAUTH")
    return fail("mail", `${host} does not accept the user name or password`, "Correct them in SMTP_URL.");
  return fail("mail", `${host} cannot be used (${code})`, "Check host, port and smtp:// or smtps:// in SMTP_URL.");
}
