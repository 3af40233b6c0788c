/** A real SMTP server that keeps what it receives, and can be told to refuse. */
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { until } from "./visitor.ts";

export interface TestSmtp {
  /** For SMTP_URL. */
  url: string;
  mails: ParsedMail[];
  /** While true, every mail is refused for the moment. */
  refusing: boolean;
  /** How many mails were refused. */
  refused: number;
  /** The first mail to an address that fits; waits until it is there. */
  mailTo(address: string, fits?: (mail: ParsedMail) => boolean): Promise<ParsedMail>;
  stop(): Promise<void>;
}

export async function startSmtp(): Promise<TestSmtp> {
  const mails: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        if (smtp.refusing) {
          smtp.refused++;
          done(Object.assign(new Error("try again later"), { responseCode: 451 }));
          return;
        }
        mails.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("the SMTP server has no port");
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    refusing: false,
    refused: 0,
    mailTo: (to, fits = () => true) =>
      until(async () => mails.find((mail) => [mail.to].flat().some((one) => one?.text === to) && fits(mail))),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return smtp;
}

/** The first link in the text of a mail. */
export function linkIn(mail: ParsedMail): string {
  const link = /https?:\/\/\S+/.exec(mail.text ?? "")?.[0];
  if (link === undefined) throw new Error(`no link in: ${mail.text}`);
  return link;
}
