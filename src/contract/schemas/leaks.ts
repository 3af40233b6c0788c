import { z } from "zod";

export const leakReportBody = z.strictObject({
  /** The whole key, as it was found. */
  key: z.string().min(1).max(200),
  /** Where it was found. */
  url: z.string().max(500).optional(),
});

/** The same for every report: whether a key exists is nobody's business. */
export const leakReportSchema = z.object({ received: z.literal(true) });
