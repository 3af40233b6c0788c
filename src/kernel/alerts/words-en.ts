import type { AlertFacts, Evidence } from "./facts.ts";
import {
  type AlertLine,
  type LanguageWords,
  limitName,
  limitText,
  listed,
  roundedUsd,
  type Writing,
} from "./words-parts.ts";

const NEW = {
  "new-network": ["From a new network", "no network"],
  "new-program": ["With a new program", "no program"],
  "new-model": ["A new model", "no model"],
} as const;

const LIMITS: Readonly<Record<string, string>> = {
  total: "Budget in all",
  daily: "Budget each day",
  weekly: "Budget each week",
  monthly: "Budget each month",
  limitUsd: "Limit",
  limitReset: "Begins anew",
  rpm: "Requests in a minute",
  tpm: "Tokens in a minute",
  parallel: "Calls at the same time",
  billing: "Pays",
};

const VALUES: Readonly<Record<string, string>> = {
  prepaid: "in advance",
  unmetered: "not in advance",
  daily: "each day",
  weekly: "each week",
  monthly: "each month",
};

const REASONS: Readonly<Record<string, string>> = {
  unknown_key: "no such key, or not all of it",
  disabled_key: "the key is disabled",
  expired_key: "the key has expired",
  rotated_key: "a former secret, which has ended",
  address_not_allowed: "outside the allowed addresses",
  account_inactive: "the account is not active",
};

export const englishWords: LanguageWords = {
  title: ({ facts, keyName }) => {
    const key = `the key “${keyName ?? ""}”`;
    switch (facts.kind) {
      case "unusual_use":
        return facts.isFrozen
          ? `The key “${keyName ?? ""}” was used in an unusual way, and is frozen`
          : `The key “${keyName ?? ""}” is used in an unusual way`;
      case "refused_burst":
        return `Many calls with ${key} were refused`;
      case "dormant_key":
        return `${capital(key)} is used again after ${facts.idleDays} days`;
      case "address_refused":
        return `Somebody has ${key} outside its allowed addresses`;
      case "leak_report":
        return `${capital(key)} was found in public, and is frozen`;
      case "new_device":
        return "Somebody logged in to your account from a new place or device";
      case "limits_changed":
        return keyName === null
          ? "The owner of this instance changed your budgets"
          : `The limits of ${key} were changed with a management key`;
    }
  },
  evidence: (evidence, writing) => evidenceLine(evidence, writing),
  facts: (facts, writing) => factLines(facts, writing),
  limit: ({ field, before, after }, writing) => {
    const name = limitName(field);
    const shown = (value: string | null) =>
      value === null ? "none" : (VALUES[value] ?? limitText(name, value, writing));
    return { what: LIMITS[name] ?? name, now: `${shown(after)}, before ${shown(before)}`, usual: "" };
  },
  advice: (facts) => {
    switch (facts.kind) {
      case "unusual_use":
        return facts.isFrozen
          ? "If it was you, say so and unfreeze the key. If not, replace it."
          : "If it was you, say so, and it counts as usual from now on. If not, freeze the key.";
      case "refused_burst":
        return "Perhaps a program still has an old key. If you know of none, somebody is trying it.";
      case "dormant_key":
        return "If you do not use it any more, freeze it. Keys that nobody needs are better deleted.";
      case "address_refused":
        return "The call was refused, but whoever made it has the right key. If that was not you, replace the key.";
      case "leak_report":
        return "Create a new key for your program and delete this one. Look at Activity for requests that are not yours.";
      case "new_device":
        return "If it was not you, change your password and end the other sessions on the Account page.";
      case "limits_changed":
        return facts.by === "owner"
          ? "If you did not expect it, ask the owner of this instance."
          : "If you did not expect it, look who holds your management keys.";
    }
  },
  usually: (usual) => `Usual: ${usual}.`,
};

function evidenceLine(evidence: Evidence, { money, count, share }: Writing): AlertLine {
  switch (evidence.what) {
    case "day-spend":
      return {
        what: "Spent in the last 24 hours",
        now: money(roundedUsd(evidence.nowUsd)),
        usual: `${money(roundedUsd(evidence.usualUsd))} a day`,
      };
    case "hour-spend":
      return {
        what: "Spent in the last hour",
        now: money(roundedUsd(evidence.nowUsd)),
        usual: `${money(roundedUsd(evidence.usualUsd))} at this time of day`,
      };
    case "hour-calls":
      return {
        what: "Calls in the last hour",
        now: count(evidence.now),
        usual: `at most ${count(evidence.usual)}`,
      };
    case "many-networks":
      return {
        what: "Networks within ten minutes",
        now: count(evidence.now),
        usual: `${count(evidence.usual)} in all`,
      };
    case "odd-hours":
      return { what: "Time of day", now: "busy when this key is nearly always silent", usual: "" };
    default: {
      const [what, none] = NEW[evidence.what];
      const part = `${share(evidence.share)} of what was spent lately`;
      return { what, now: `${listed(evidence.names, none)} (${part})`, usual: listed(evidence.usual, none) };
    }
  }
}

function factLines(facts: AlertFacts, { count }: Writing): AlertLine[] {
  switch (facts.kind) {
    case "unusual_use":
      return facts.limitLastsMinutes === undefined
        ? []
        : [{ what: "A limit is used up", now: `in ${minutes(facts.limitLastsMinutes)} at this pace`, usual: "" }];
    case "refused_burst":
      return [
        { what: "Refused calls", now: `${count(facts.count)} in ${facts.minutes} minutes`, usual: "" },
        { what: "Reason", now: REASONS[facts.code] ?? facts.code, usual: "" },
        { what: "From", now: listed(facts.networks, "unknown"), usual: "" },
      ];
    case "dormant_key":
      return [
        { what: "Not used for", now: `${count(facts.idleDays)} days`, usual: "" },
        { what: "Used now from", now: facts.network ?? "unknown", usual: "" },
      ];
    case "address_refused":
      return [
        { what: "Called from", now: facts.address ?? "unknown", usual: "" },
        { what: "Refused by", now: facts.list === "key" ? "the key’s own list" : "the account’s list", usual: "" },
      ];
    case "leak_report":
      return facts.foundAt === null ? [] : [{ what: "Found at", now: facts.foundAt, usual: "" }];
    case "new_device":
      return [
        { what: "From", now: facts.address ?? "unknown", usual: "" },
        { what: "Browser", now: facts.isNewDevice ? "new to your account" : "known", usual: "" },
      ];
    default:
      return [];
  }
}

function minutes(count: number): string {
  return count < 2 ? "about a minute" : `about ${count} minutes`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
