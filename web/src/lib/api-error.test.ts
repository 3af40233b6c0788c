import { describe, expect, test } from "bun:test";
import { createInstance } from "i18next";
import { englishTexts } from "../i18n/en/texts.ts";
import { indonesianTexts } from "../i18n/id/texts.ts";
import { ApiError, readErrorAnswer } from "./api-error.ts";
import { errorText } from "./error-text.ts";
import { refusedFields } from "./form-errors.ts";

const envelope = (metadata: object) => ({ error: { code: 400, message: "In English.", metadata } });
const english = await createInstance({ lng: "en", resources: { en: { translation: englishTexts } } }).init();
const indonesian = await createInstance({ lng: "id", resources: { id: { translation: indonesianTexts } } }).init();

describe("an error answer", () => {
  test("tells its code, its request id, the fields it refused and how long to wait", () => {
    const metadata = {
      error_code: "invalid_field",
      request_id: "req-1",
      problems: [{ field: "email", problem: "Invalid" }],
      field: "password",
    };
    const error = readErrorAnswer(400, envelope(metadata), "30");
    expect(error.code).toBe("invalid_field");
    expect(error.requestId).toBe("req-1");
    expect(error.fields).toEqual(["email", "password"]);
    expect(error.retryAfterSeconds).toBe(30);
  });

  test("that is not Gapura's (a proxy's page) is told apart, not shown as if it were", () => {
    expect(readErrorAnswer(502, null, null).code).toBe("unreadable");
    expect(readErrorAnswer(502, { error: "bad gateway" }, null).code).toBe("unreadable");
  });

  test("reaches the reader in the reader's language", () => {
    const error = readErrorAnswer(401, envelope({ error_code: "wrong_login" }), null);
    expect(errorText(error, english)).toBe(englishTexts.errors.wrong_login);
    expect(errorText(error, indonesian)).toBe(indonesianTexts.errors.wrong_login);
  });

  test("tells how long to wait, in minutes when it is long", () => {
    const refused = (seconds: string) => readErrorAnswer(429, envelope({ error_code: "too_many_attempts" }), seconds);
    expect(errorText(refused("30"), english)).toBe("Too many attempts. Try again in 30 seconds.");
    expect(errorText(refused("841"), indonesian)).toBe("Terlalu banyak percobaan. Coba lagi dalam 15 menit.");
  });

  test("with a code that this page does not know keeps the server's words", () => {
    const error = readErrorAnswer(400, envelope({ error_code: "made_up_later" }), null);
    expect(errorText(error, english)).toBe("In English.");
  });

  test("is shown at the field it is about, and above the form when it is about none of them", () => {
    const weak = readErrorAnswer(400, envelope({ error_code: "weak_password", field: "password" }), null);
    expect(refusedFields(weak, ["name", "password"], english)).toEqual({ password: englishTexts.errors.weak_password });
    expect(refusedFields(weak, ["name"], english)).toBeNull();
    expect(refusedFields(new ApiError({ code: "network", status: 0, message: "" }), ["name"], english)).toBeNull();
  });
});
