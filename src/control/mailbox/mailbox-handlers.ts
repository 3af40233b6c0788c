/** The mailbox page: mails of an instance without an SMTP server. The guard lets only this machine in. */
import { GapuraError } from "../../kernel/errors.ts";
import type { MailRecord } from "../../storage/schema.ts";
import type { MailStore } from "../../storage/stores/mail.ts";
import type { Handlers } from "../http/handler.ts";

const SHOWN_MAILS = 200;

export function mailboxHandlers(store: MailStore): Handlers<"listMailbox" | "getMail"> {
  return {
    listMailbox: async () => ({ body: { mails: (await store.mailbox(SHOWN_MAILS)).map(summary) } }),
    getMail: async ({ params }) => {
      const mail = await store.get(params.id);
      if (!mail) throw new GapuraError("resource_not_found", { values: { what: "This mail" } });
      return { body: { ...summary(mail), text: mail.text_body } };
    },
  };
}

function summary(mail: MailRecord) {
  return { id: mail.id, to: mail.recipient, subject: mail.subject, createdAt: mail.created_at };
}
