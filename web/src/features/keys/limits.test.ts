import { expect, test } from "bun:test";
import { appHost, limitProblem, readCaps, readExpiry, readLimit } from "./limits.ts";

const form = (limitUsd: string, limitReset = "") => {
  const data = new FormData();
  data.set("limitUsd", limitUsd);
  data.set("limitReset", limitReset);
  return data;
};

test("an amount is read as it is written in either language, and no amount is no limit", () => {
  expect(readLimit(form(" 12,5 ", "weekly"))).toEqual({ limitUsd: "12.5", limitReset: "weekly" });
  expect(readLimit(form("$0.000000001"))).toEqual({ limitUsd: "0.000000001", limitReset: null });
  expect(readLimit(form("", "never"))).toEqual({ limitUsd: null, limitReset: null });
});

test("what is no amount is said before it is sent", () => {
  // biome-ignore lint/suspicious/noExplicitAny: only the name of the text is looked at
  const t = ((name: string) => name) as any;
  const problem = (text: string) => limitProblem(readLimit(form(text)), t);
  for (const fine of ["", "0", "5", "12.123456789"]) expect([fine, problem(fine)]).toEqual([fine, undefined]);
  for (const wrong of ["-1", "1.0000000001", "1e5", "lots", "1.000,50", "12345678901"]) {
    expect([wrong, problem(wrong)]).toEqual([wrong, "keys.limitInvalid"]);
  }
});

test("a key ends with the last second of its last day, and keeps its own time while the day stays", () => {
  const day = (expiresAt: string) => {
    const data = new FormData();
    data.set("expiresAt", expiresAt);
    return data;
  };
  const noon = Date.UTC(2030, 0, 2, 12);
  expect(readExpiry(day("2030-01-02"))).toBe(Date.UTC(2030, 0, 2, 23, 59, 59));
  expect(readExpiry(day("2030-01-02"), noon)).toBe(noon);
  expect(readExpiry(day("2030-01-03"), noon)).toBe(Date.UTC(2030, 0, 3, 23, 59, 59));
  expect(readExpiry(day(""), noon)).toBeNull();
});

test("caps are whole numbers above zero, and an empty field is no cap", () => {
  // biome-ignore lint/suspicious/noExplicitAny: only the name of the text is looked at
  const t = ((name: string) => name) as any;
  const read = (rpm: string, tpm = "", parallel = "") => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ rpm, tpm, parallel })) data.set(name, value);
    return readCaps(data, t);
  };
  expect(read(" 60 ", "", "4")).toEqual({ caps: { rpm: 60, tpm: null, parallel: 4 }, problems: {} });
  for (const wrong of ["0", "-1", "1.5", "1e3", "many"]) {
    expect(read(wrong).problems).toEqual({ rpm: "keys.capInvalid" });
  }
});

test("an app is called by its host, and one without an address by none", () => {
  expect(appHost("https://app.example.com")).toBe("app.example.com");
  expect(appHost("http://localhost:5000")).toBe("localhost:5000");
  expect(appHost("urn:ietf:wg:oauth:2.0:oob")).toBeNull();
});
