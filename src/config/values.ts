/**
 * The kinds of value that a setting can have. Each accepts what a YAML file writes (numbers, booleans, lists) and what
 * a variable or a flag writes (text), and says what is wrong in words that never repeat a secret or a URL, because a
 * URL may hold a password.
 */
import { isIP } from "node:net";
import { z } from "zod";
import { type WrappingKey, wrappingKeyFrom } from "../kernel/envelope.ts";
import { NANO_PER_USD, parseUsd } from "../kernel/money.ts";
import { networkText, parseNetwork } from "../kernel/networks.ts";
import { Secret } from "../kernel/secret.ts";
import { isLoopbackHost, withoutBrackets } from "./hosts.ts";

type Reading<Value> = { value: Value } | { wrong: string };

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;
const MAIL_ADDRESS = /^[^\s<>@"]+@[^\s<>@"]+$/;
/** Long enough that guessing is hopeless; `gapura` makes 43 characters when it makes one itself. */
const SHORTEST_SECRET = 32;
const LEAST_WEIGHT = 0.001;
const MOST_WEIGHT = 1_000;
const MOST_NANO_USD = 1_000_000n * NANO_PER_USD;

/** A schema over one reading function: what is wrong becomes the issue's message. */
export function valueSchema<Value>(read: (raw: unknown) => Reading<Value>) {
  return z.unknown().transform((raw, context): Value => {
    const reading = read(raw);
    if ("value" in reading) return reading.value;
    context.issues.push({ code: "custom", message: reading.wrong, input: undefined });
    return z.NEVER;
  });
}

export function wholeNumber(range: { minimum: number; maximum: number }) {
  return valueSchema((raw) => {
    const number = typeof raw === "string" && /^\d{1,15}$/.test(raw) ? Number(raw) : raw;
    if (typeof number !== "number" || !Number.isInteger(number))
      return { wrong: `${quoted(raw)} is not a whole number` };
    if (number < range.minimum) return { wrong: `${number} is too small` };
    if (number > range.maximum) return { wrong: `${number} is too large` };
    return { value: number };
  });
}

/** Seconds, with up to three decimals; given as milliseconds. */
export function seconds(range: { minimum: number; maximum: number }) {
  return valueSchema((raw) => {
    const text = typeof raw === "number" ? String(raw) : raw;
    if (typeof text !== "string" || !/^\d{1,9}(\.\d{1,3})?$/.test(text)) {
      return { wrong: `${quoted(raw)} is not a number of seconds` };
    }
    const number = Number(text);
    if (number < range.minimum) return { wrong: `${number} is too small` };
    if (number > range.maximum) return { wrong: `${number} is too large` };
    return { value: Math.round(number * 1000) };
  });
}

/** A share beside other shares. */
export const weightValue = valueSchema((raw): Reading<number> => {
  const number = typeof raw === "string" && /^\d{1,4}(\.\d{1,3})?$/.test(raw) ? Number(raw) : raw;
  if (typeof number !== "number" || !Number.isFinite(number)) return { wrong: `${quoted(raw)} is not a number` };
  return number >= LEAST_WEIGHT && number <= MOST_WEIGHT ? { value: number } : { wrong: `${number} is out of range` };
});

export const switchValue = valueSchema((raw) => {
  const isOn = readSwitch(raw);
  return isOn === undefined ? { wrong: `${quoted(raw)} is neither on nor off` } : { value: isOn };
});

/** `on`, `off` (also written as a boolean) or `auto`. */
export const triState = valueSchema((raw): Reading<"auto" | "on" | "off"> => {
  if (raw === "auto") return { value: "auto" };
  const isOn = readSwitch(raw);
  if (isOn === undefined) return { wrong: `${quoted(raw)} is none of auto, on and off` };
  return { value: isOn ? "on" : "off" };
});

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return valueSchema((raw): Reading<Choice> => {
    const found = choices.find((choice) => choice === raw);
    return found === undefined ? { wrong: `${quoted(raw)} is none of ${choices.join(", ")}` } : { value: found };
  });
}

/** An amount of dollars as nano-dollars, exactly: 2.5, "0.15". */
export const usdValue = valueSchema((raw): Reading<bigint> => {
  const nano = typeof raw === "number" || typeof raw === "string" ? parseUsd(String(raw)) : undefined;
  if (nano === undefined) return { wrong: `${quoted(raw)} is not an amount of dollars with up to nine decimals` };
  if (nano < 0n) return { wrong: "this is less than nothing" };
  return nano > MOST_NANO_USD ? { wrong: "this is more than a million dollars" } : { value: nano };
});

/** A currency beside the dollar, by its three letters of ISO 4217. */
export const currencyValue = valueSchema((raw): Reading<string> => {
  const code = typeof raw === "string" ? raw.toUpperCase() : "";
  if (!/^[A-Z]{3}$/.test(code)) return { wrong: `${quoted(raw)} is not a currency's three letters` };
  return code === "USD" ? { wrong: "dollars are shown anyway" } : { value: code };
});

/** How many units of it a dollar is worth, as an exact decimal text. */
export const rateValue = valueSchema((raw): Reading<string> => {
  const text = typeof raw === "number" || typeof raw === "string" ? String(raw) : "";
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) return { wrong: `${quoted(raw)} is not a rate like 16500 or 0.92` };
  return /[1-9]/.test(text) ? { value: text } : { wrong: "a rate of nothing would make every amount nothing" };
});

export const textValue = valueSchema((raw) => {
  if (typeof raw !== "string" || raw === "") return { wrong: "this is not a text" };
  return hasControlCharacter(raw) ? { wrong: "this holds a control character" } : { value: raw };
});

/** A text of which nobody knows whether it is a secret. */
export const hiddenText = valueSchema((raw) => {
  const text = typeof raw === "number" ? String(raw) : raw;
  return typeof text === "string" && text !== "" ? { value: new Secret(text) } : { wrong: "this is not a text" };
});

export const hostValue = valueSchema((raw) => {
  if (typeof raw === "string" && (isIP(withoutBrackets(raw)) !== 0 || isHostName(raw))) {
    return { value: withoutBrackets(raw) };
  }
  return { wrong: `${quoted(raw)} is neither an IP address nor a host name` };
});

/** An http(s) URL without path, query, fragment and user name: what links and snippets begin with. */
export const baseUrlValue = valueSchema((raw) => {
  const url = readUrl(raw, ["http:", "https:"]);
  if (url === undefined) return { wrong: "this is not an http:// or https:// URL" };
  if (url.username !== "" || url.password !== "") return { wrong: "this holds a user name or password" };
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return { wrong: "this goes on after the host" };
  if (typeof raw === "string" && raw.endsWith("/")) return { wrong: "this ends with a slash" };
  if (url.port === "0") return { wrong: "port 0 is not an address that anybody can open" };
  return { value: url.origin };
});

/** The URL of a provider, up to and without the `/chat/completions`; a trailing slash is dropped. */
export const upstreamUrlValue = valueSchema((raw) => {
  const url = readUrl(raw, ["http:", "https:"]);
  if (url === undefined) return { wrong: "this is not an http:// or https:// URL" };
  if (url.username !== "" || url.password !== "") return { wrong: "this holds a user name or password" };
  if (url.search !== "" || url.hash !== "") return { wrong: "this holds a ? or #" };
  return { value: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
});

/** An issuer is compared character by character, so it is kept as it was written. */
export const issuerValue = valueSchema((raw) => {
  const url = readUrl(raw, ["http:", "https:"]);
  if (url === undefined || typeof raw !== "string") return { wrong: "this is not an https:// URL" };
  if (url.username !== "" || url.password !== "") return { wrong: "this holds a user name or password" };
  if (url.search !== "" || url.hash !== "") return { wrong: "this holds a ? or #" };
  const isSafe = url.protocol === "https:" || isLoopbackHost(url.hostname);
  return isSafe ? { value: raw } : { wrong: "this is not an https:// URL, and not on this machine either" };
});

export const databaseUrlValue = valueSchema((raw) => {
  const url = readUrl(raw, ["postgres:", "postgresql:"]);
  if (url === undefined || typeof raw !== "string") return { wrong: "this is not a postgres:// URL" };
  return url.pathname.length < 2 ? { wrong: "this names no database" } : { value: new Secret(raw) };
});

export const smtpUrlValue = valueSchema((raw) => {
  const url = readUrl(raw, ["smtp:", "smtps:"]);
  if (url === undefined || typeof raw !== "string") return { wrong: "this is not an smtp:// or smtps:// URL" };
  return url.hostname === "" ? { wrong: "this names no mail server" } : { value: new Secret(raw) };
});

export const instanceSecretValue = valueSchema((raw) => {
  if (typeof raw !== "string") return { wrong: "this is not a text" };
  return raw.length < SHORTEST_SECRET
    ? { wrong: `this has only ${raw.length} characters` }
    : { value: new Secret(raw) };
});

export const encryptionKeyValue = valueSchema((raw) => readEncryptionKey(raw));

/** In a variable or a file of their own, keys are separated by commas or line breaks. */
export const encryptionKeyList = valueSchema((raw): Reading<[WrappingKey, ...WrappingKey[]]> => {
  const items: unknown[] =
    typeof raw === "string" ? raw.split(/[\s,]+/).filter(Boolean) : Array.isArray(raw) ? raw : [raw];
  const keys: WrappingKey[] = [];
  for (const [index, item] of items.entries()) {
    const reading = readEncryptionKey(item);
    if ("wrong" in reading) return { wrong: `key ${index + 1}: ${reading.wrong}` };
    if (!keys.some(({ id }) => id === reading.value.id)) keys.push(reading.value);
  }
  const [first, ...rest] = keys;
  return first === undefined ? { wrong: "this names no key" } : { value: [first, ...rest] };
});

function readEncryptionKey(raw: unknown): Reading<WrappingKey> {
  const key = typeof raw === "string" ? wrappingKeyFrom(raw) : undefined;
  return key === undefined ? { wrong: "this is not 32 bytes in base64 (44 characters that end in =)" } : { value: key };
}

/** A provider's key: it goes into a header, so it may hold neither spaces nor line breaks. */
export const apiKeyValue = valueSchema((raw) => {
  if (typeof raw !== "string" || raw === "") return { wrong: "this is not a text" };
  return /^[\x21-\x7e]+$/.test(raw)
    ? { value: new Secret(raw) }
    : { wrong: "this holds a space, a line break or an accented letter" };
});

export const mailFromValue = valueSchema((raw) => {
  if (typeof raw !== "string" || hasControlCharacter(raw)) return { wrong: "this is not a mail sender" };
  const address = /^[^<>]*<([^<>]+)>$/.exec(raw)?.[1] ?? raw;
  return MAIL_ADDRESS.test(address) ? { value: raw } : { wrong: `${quoted(raw)} is not a mail sender` };
});

export const mailDomains = listOf((item) => {
  const domain = item.toLowerCase().replace(/^@/, "");
  return DOMAIN.test(domain) ? { value: domain } : { wrong: `${quoted(item)} is not a mail domain` };
});

export const networks = listOf((item) => {
  const network = parseNetwork(item);
  return network === undefined
    ? { wrong: `${quoted(item)} is neither an IP address nor a network like 10.0.0.0/8` }
    : { value: networkText(network) };
});

export const headerName = valueSchema((raw) => {
  if (typeof raw === "string" && /^[a-z0-9-]{1,64}$/i.test(raw)) return { value: raw.toLowerCase() };
  return { wrong: `${quoted(raw)} is not the name of a header` };
});

/** `host:port`; an IPv6 address is written in brackets and comes out without them, in its shortest form. */
export const hostsWithPort = listOf((item) => {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5})$/i.exec(item);
  const [, host = "", port = "0"] = match ?? [];
  const isHost = isIP(withoutBrackets(host)) !== 0 || isHostName(host);
  if (!isHost || Number(port) < 1 || Number(port) > 65_535)
    return { wrong: `${quoted(item)} is not written host:port` };
  return { value: `${withoutBrackets(new URL(`http://${host}`).hostname)}:${Number(port)}` };
});

export const texts = listOf((item) => ({ value: item }));

/** A YAML list, or one text with commas between the items. Repeated items are kept once. */
function listOf<Item>(readItem: (item: string) => Reading<Item>) {
  return valueSchema((raw): Reading<Item[]> => {
    const items = typeof raw === "string" ? raw.split(",").filter((item) => item.trim() !== "") : raw;
    if (!Array.isArray(items)) return { wrong: "this is not a list" };
    const read = new Set<Item>();
    const wrong: string[] = [];
    for (const item of items) {
      const reading = typeof item === "string" ? readItem(item.trim()) : { wrong: `${quoted(item)} is not a text` };
      if ("wrong" in reading) wrong.push(reading.wrong);
      else read.add(reading.value);
    }
    return wrong.length > 0 ? { wrong: wrong.join("; ") } : { value: [...read] };
  });
}

function readSwitch(raw: unknown): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  if (typeof raw !== "string") return undefined;
  if (["on", "true", "yes", "1"].includes(raw.toLowerCase())) return true;
  return ["off", "false", "no", "0"].includes(raw.toLowerCase()) ? false : undefined;
}

function readUrl(raw: unknown, protocols: readonly string[]): URL | undefined {
  if (typeof raw !== "string" || /\s/.test(raw) || hasControlCharacter(raw) || !URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  return protocols.includes(url.protocol) ? url : undefined;
}

/** A name, but nothing that only looks like a wrong IP address (`127.0.0.300`, `8787`). */
function isHostName(text: string): boolean {
  return HOST_NAME.test(text) && !/^[\d.]+$/.test(text);
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** A value as it may be repeated to the operator: short, in quotes, without control characters. */
function quoted(raw: unknown): string {
  if (raw === null || raw === undefined) return "an empty value";
  if (typeof raw === "object") return Array.isArray(raw) ? "a list" : "a section";
  const text = String(raw).replace(/\p{Cc}/gu, " ");
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
