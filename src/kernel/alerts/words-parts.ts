/** What the sentences of an alert are made of, whatever the language. */
import type { AlertFacts, Evidence, LimitChange } from "./facts.ts";

/** What an alert is about. */
export interface AlertSubject {
  facts: AlertFacts;
  /** The key's description; null for what concerns the account. */
  keyName: string | null;
}

/** How amounts and numbers are written for one reader. */
export interface Writing {
  /** An exact decimal text of dollars, as the reader sees amounts. */
  money(usd: string): string;
  count(value: number): string;
  share(value: number): string;
}

/** One thing, with what it is now and what is usual. `usual` is empty where there is nothing to say. */
export interface AlertLine {
  what: string;
  now: string;
  usual: string;
}

export interface AlertWords {
  /** What happened, in one sentence without an end. */
  title: string;
  lines: readonly AlertLine[];
  /** What to do about it. */
  advice: string;
}

export interface LanguageWords {
  title(subject: AlertSubject): string;
  evidence(evidence: Evidence, writing: Writing): AlertLine;
  facts(facts: AlertFacts, writing: Writing): AlertLine[];
  limit(change: LimitChange, writing: Writing): AlertLine;
  advice(facts: AlertFacts): string;
  usually(usual: string): string;
}

/** Dollars of a statistic, which are no exact amount: to the cent, and finer only below one. */
export function roundedUsd(usd: number): string {
  return usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2).includes("e") ? "0.00" : usd.toPrecision(2);
}

export function listed(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(", ");
}

/** The name of a limit without who has set it. */
export function limitName(field: string): string {
  return field.replace(/^(?:owner|self)\./, "");
}

const COUNTED = new Set(["rpm", "tpm", "parallel"]);

/** A limit as its reader writes numbers and amounts. */
export function limitText(name: string, value: string, { money, count }: Writing): string {
  if (COUNTED.has(name)) return count(Number(value));
  return /^\d+(?:\.\d+)?$/.test(value) ? money(value) : value;
}
