import { afterEach, beforeEach, expect, test } from "bun:test";
import { startSmtp, type TestSmtp } from "../../test/support/smtp.ts";
import { systemClock } from "../kernel/clock.ts";
import { Secret } from "../kernel/secret.ts";
import { createMailer } from "./mailer.ts";

let smtp: TestSmtp;
beforeEach(async () => {
  smtp = await startSmtp();
});
afterEach(() => smtp.stop());

test("a test mail goes out at once, and else says what the mail server said", async () => {
  const unused = () => Promise.reject(new Error("a test mail is not kept"));
  const mailer = createMailer({
    store: { add: unused, takeDue: unused, markSent: unused, markFailed: unused, trim: unused },
    clock: systemClock,
    smtpUrl: new Secret(smtp.url),
    from: "Gapura <noreply@example.com>",
    onFailure: () => {},
  });
  const send = () =>
    mailer.test("siti@example.com", "id", { kind: "test", name: "Siti", url: "http://localhost:8787" });
  expect(await send()).toBeNull();
  expect((await smtp.mailTo("siti@example.com")).subject).toBe("Gapura bisa mengirim surel");
  smtp.refusing = true;
  expect(await send()).toMatch(/\b4\d\d\b/);
  await mailer.close();
});
