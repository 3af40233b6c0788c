import { afterEach, beforeEach, expect, test } from "bun:test";
import { onEachEngine } from "../support/each-server.ts";
import { linkIn, startSmtp, type TestSmtp } from "../support/smtp.ts";
import { until } from "../support/visitor.ts";

let smtp: TestSmtp;
beforeEach(async () => {
  smtp = await startSmtp();
});
afterEach(() => smtp.stop());

onEachEngine(({ start, databases }) => {
  test("a mail goes out by SMTP with text and HTML, in the reader's language, from the configured sender", async () => {
    const server = await start({ SMTP_URL: smtp.url, MAIL_FROM: "Gapura <noreply@example.com>" });
    await server.visitor({ "accept-language": "id-ID,id;q=0.9" }).signUp("siti@example.com");
    await server.visitor({ "accept-language": "en-GB" }).signUp("james@example.com");
    const [toSiti, toJames] = await Promise.all([smtp.mailTo("siti@example.com"), smtp.mailTo("james@example.com")]);
    expect([toSiti.subject, toJames.subject]).toEqual([
      "Verifikasi alamat email Anda untuk Gapura",
      "Verify your e-mail address for Gapura",
    ]);
    expect(toSiti.from?.text).toBe('"Gapura" <noreply@example.com>');
    expect(toSiti.html).toContain(linkIn(toSiti));
    const token = new URL(linkIn(toSiti)).searchParams.get("token");
    expect((await server.visitor().dashboard("/account/verification", { token })).status).toBe(200);
  });

  test("with a mail server there is no mailbox page, and a sent mail leaves no link behind", async () => {
    const server = await start({ SMTP_URL: smtp.url });
    await server.visitor().signUp("siti@example.com");
    await smtp.mailTo("siti@example.com");
    expect((await server.visitor().dashboard("/mailbox")).status).toBe(404);
    const { db } = await databases.open(server.place);
    const kept = await until(() =>
      db.selectFrom("mail").selectAll().where("sent_at", "is not", null).executeTakeFirst(),
    );
    expect(kept && [kept.text_body, kept.html_body]).toEqual(["", ""]);
  });

  test("a mail that was refused waits through a restart and is sent afterwards, once", async () => {
    smtp.refusing = true;
    const first = await start({ SMTP_URL: smtp.url });
    await first.visitor().signUp("siti@example.com");
    await until(async () => smtp.refused > 0);
    await first.stop();
    smtp.refusing = false;
    const { db } = await databases.open(first.place);
    const waiting = await until(() =>
      db.selectFrom("mail").selectAll().where("last_error", "is not", null).executeTakeFirst(),
    );
    expect(waiting && waiting.next_attempt_at > Date.now()).toBe(true);
    await db.updateTable("mail").set({ next_attempt_at: 0 }).execute();
    const second = await start({ SMTP_URL: smtp.url }, first.place);
    const mail = await smtp.mailTo("siti@example.com");
    expect(linkIn(mail)).toStartWith(`${first.url}/verify?token=`);
    await until(() => db.selectFrom("mail").selectAll().where("sent_at", "is not", null).executeTakeFirst());
    await second.stop();
    expect(smtp.mails).toHaveLength(1);
  });
});
