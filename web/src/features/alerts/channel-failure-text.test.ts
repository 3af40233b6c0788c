import { expect, test } from "bun:test";
import type { TFunction } from "i18next";
import { CHANNEL_FAILURES, statusFailure } from "../../../../src/kernel/alerts/channel-failure.ts";
import { asChecked } from "../../../../src/kernel/json.ts";
import { alerts as english } from "../../i18n/en/alerts.ts";
import { alerts as indonesian } from "../../i18n/id/alerts.ts";
import { channelFailureText } from "./channel-failure-text.ts";

test("every reason why a message did not arrive has words in both languages, and old words stay as they are", () => {
  for (const texts of [english, indonesian]) {
    const words = new Map<string, string>(Object.entries(texts).map(([name, text]) => [`alerts.${name}`, text]));
    const t = asChecked<TFunction>((key: string) => words.get(key));
    for (const code of [...CHANNEL_FAILURES, statusFailure(503)]) {
      const text = channelFailureText(code, t);
      expect([code, typeof text, text === code]).toEqual([code, "string", false]);
    }
    expect(channelFailureText("connection refused", t)).toBe("connection refused");
  }
});
