/** What GitHub's secret scanning wants to hear of the tokens that it has found. Its question is read by the handler. */
import { z } from "zod";

export const githubLabelsSchema = z.array(
  z.object({
    /** SHA-256 of the token, hex. */
    token_hash: z.string(),
    /** As GitHub has named it. */
    token_type: z.string(),
    /** Whether this instance has issued the token. */
    label: z.enum(["true_positive", "false_positive"]),
  }),
);
