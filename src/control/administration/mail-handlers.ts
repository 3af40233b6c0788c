/** Where mails go, and whether they arrive. */
import type { MailState } from "../../contract/schemas/administration.ts";
import type { Mailer } from "../../mail/mailer.ts";
import type { MailStore } from "../../storage/stores/mail.ts";
import type { Handlers } from "../http/handler.ts";

export interface MailHandlerDeps {
  mailer: Pick<Mailer, "test">;
  mails: Pick<MailStore, "outboxState">;
  place: Pick<MailState, "delivery" | "server" | "from">;
  baseUrl: string;
}

export function mailHandlers({
  mailer,
  mails,
  place,
  baseUrl,
}: MailHandlerDeps): Handlers<"getMailState" | "testMail"> {
  return {
    getMailState: async () => ({ body: { ...place, ...(await mails.outboxState()) } }),
    testMail: async ({ account: { name, email, locale }, visitor }) => {
      const message = { kind: "test" as const, name, url: `${baseUrl}/administration?tab=mail` };
      return { body: { to: email, error: await mailer.test(email, locale ?? visitor.locale, message) } };
    },
  };
}
