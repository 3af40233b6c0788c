import { z } from "zod";
import { timeMs } from "./common.ts";

export const mailSummarySchema = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  createdAt: timeMs,
});
export type MailSummary = z.infer<typeof mailSummarySchema>;
export const mailListSchema = z.object({ mails: z.array(mailSummarySchema) });
export const mailSchema = mailSummarySchema.extend({
  /** The plain-text part; the page turns its links into links and shows the rest as text. */
  text: z.string(),
});
export type Mail = z.infer<typeof mailSchema>;
