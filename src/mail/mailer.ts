/**
 * Outgoing mail. Every mail is kept in the database first, so that a restart loses none. With an SMTP server the outbox
 * sends what is due and tries again for two days; without one, mails stay for the mailbox page.
 */
import { createTransport } from "nodemailer";
import type { Clock } from "../kernel/clock.ts";
import { newId } from "../kernel/ids.ts";
import type { Locale } from "../kernel/locale.ts";
import type { Secret } from "../kernel/secret.ts";
import type { MailRecord } from "../storage/schema.ts";
import type { MailStore, NewMail } from "../storage/stores/mail.ts";
import { type MailMessage, renderMail } from "./templates.ts";

export interface MailerOptions {
  store: Pick<MailStore, "add" | "takeDue" | "markSent" | "markFailed" | "trim">;
  clock: Clock;
  smtpUrl: Secret | null;
  from: string;
  onFailure(fields: { reason: string; count: number }): void;
}

export interface Mailer {
  sendsRealMail: boolean;
  /** Resolves when the mail is kept; sending follows by itself. */
  send(to: string, locale: Locale, message: MailMessage): Promise<void>;
  /** The mail that `send` would keep, for whoever keeps it together with something else; then `afterKeeping` is due. */
  compose(to: string, locale: Locale, message: MailMessage): NewMail;
  afterKeeping(): Promise<void>;
  /**
   * Sends a mail at once, past the outbox. Resolves to null when the mail server, or the mailbox page, has taken it; else
   * to what the server, or the way to it, said.
   */
  test(to: string, locale: Locale, message: MailMessage): Promise<string | null>;
  /** Sends what is due now. One run at a time; resolves when nothing is due any more. */
  deliverDue(): Promise<void>;
  close(): Promise<void>;
}

const MAILBOX_SIZE = 200;
const SENDING_LEASE_MS = 2 * 60_000;
const MAX_ATTEMPTS = 12;
const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;
const SMTP_TIMEOUT_MS = 20_000;

export function createMailer(options: MailerOptions): Mailer {
  const { store, clock } = options;
  const timeouts = {
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  };
  const smtp = options.smtpUrl === null ? null : createTransport({ url: options.smtpUrl.reveal(), ...timeouts });
  const deliver = createDelivery(options, smtp);
  let running: Promise<void> | null = null;
  let again = false;

  async function run(): Promise<void> {
    do {
      again = false;
      for (;;) {
        const mail = await store.takeDue(clock.nowMs(), SENDING_LEASE_MS);
        if (mail === null) break;
        await deliver(mail);
      }
    } while (again);
  }

  function deliverDue(): Promise<void> {
    if (smtp === null) return Promise.resolve();
    again = true;
    running ??= run()
      .catch((error: unknown) =>
        options.onFailure({ reason: error instanceof Error ? error.message : "unknown", count: 0 }),
      )
      .finally(() => {
        running = null;
      });
    return running;
  }

  const compose: Mailer["compose"] = (to, locale, message) => ({
    id: newId("mail"),
    recipient: to,
    ...renderMail(message, locale),
  });
  const afterKeeping = async () => {
    if (smtp === null) await store.trim(MAILBOX_SIZE);
    else void deliverDue();
  };
  return {
    sendsRealMail: smtp !== null,
    send: async (to, locale, message) => {
      await store.add(compose(to, locale, message), clock.nowMs());
      await afterKeeping();
    },
    compose,
    afterKeeping,
    test: async (to, locale, message) => {
      const mail = compose(to, locale, message);
      try {
        if (smtp === null) {
          await store.add(mail, clock.nowMs());
          await afterKeeping();
        } else await smtp.sendMail(outgoing(options.from, mail));
        return null;
      } catch (error) {
        return reasonOf(error);
      }
    },
    deliverDue,
    close: async () => {
      await running;
      smtp?.close();
    },
  };
}

/** Sends one mail over SMTP, and notes in the database what became of it. */
function createDelivery(
  { store, clock, from, onFailure }: MailerOptions,
  smtp: ReturnType<typeof createTransport> | null,
): (mail: MailRecord) => Promise<void> {
  /** Taken by the SMTP server, but not yet noted in the database: must not be sent a second time. */
  const delivered = new Set<string>();
  return async (mail) => {
    try {
      if (!delivered.has(mail.id)) {
        await smtp?.sendMail(outgoing(from, { ...mail, text: mail.text_body, html: mail.html_body }));
        delivered.add(mail.id);
      }
      await store.markSent(mail.id, clock.nowMs());
      delivered.delete(mail.id);
    } catch (error) {
      const reason = reasonOf(error);
      const nowMs = clock.nowMs();
      const isLast = mail.attempts >= MAX_ATTEMPTS;
      await store.markFailed(
        mail.id,
        reason,
        isLast ? { gaveUpAtMs: nowMs } : { atMs: nowMs + retryDelayMs(mail.attempts) },
      );
      onFailure({ reason, count: mail.attempts });
    }
  };
}

function outgoing(from: string, { id, recipient, subject, text, html }: NewMail) {
  return { from, to: recipient, subject, text, html, messageId: `<${id}@gapura>` };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** 15 s, 30 s, 1 min … 6 h: how long a mail waits after its n-th failed attempt. */
export function retryDelayMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1));
}
