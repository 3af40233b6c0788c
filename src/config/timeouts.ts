/** How long one provider or model is waited for, as the file says it. */
import { z } from "zod";
import type { AnswerTimeouts } from "../kernel/timeouts.ts";
import { seconds } from "./values.ts";

export const phaseSeconds = seconds({ minimum: 0.1, maximum: 86_400 });

export const fileTimeoutsSchema = z.strictObject(
  {
    firstByteSeconds: phaseSeconds.optional(),
    wholeAnswerSeconds: phaseSeconds.optional(),
    silenceSeconds: phaseSeconds.optional(),
  },
  "write it like { firstByteSeconds: 90 }",
);

export const TIMEOUTS_FIX = "Write it like `timeouts: { firstByteSeconds: 90, silenceSeconds: 60 }`.";

export function timeoutsOf(said: z.output<typeof fileTimeoutsSchema>): Partial<AnswerTimeouts> {
  const { firstByteSeconds, wholeAnswerSeconds, silenceSeconds } = said;
  return {
    ...(firstByteSeconds === undefined ? {} : { firstByteMs: firstByteSeconds }),
    ...(wholeAnswerSeconds === undefined ? {} : { wholeAnswerMs: wholeAnswerSeconds }),
    ...(silenceSeconds === undefined ? {} : { silenceMs: silenceSeconds }),
  };
}
