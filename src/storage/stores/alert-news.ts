/** When something that happens again is news. Pure. */
import type { AlertFacts, LimitChange } from "../../kernel/alerts/facts.ts";
import { neighbourhood, networkText, parseAddress } from "../../kernel/networks.ts";

/**
 * What tells an alert apart from others of its kind and key: each place that somebody logs in from is one of its own, so
 * that a stranger's does not hide behind the one that its owner was travelling with.
 */
export function aboutOf(facts: AlertFacts): string {
  return facts.kind === "new_device" ? `/${placeOf(facts.address)}` : "";
}

/** Whether somebody who said "it was me" of the one has thereby said it of the other. */
export function isSameAgain(answered: AlertFacts, now: AlertFacts): boolean {
  switch (now.kind) {
    // Learned instead: it is unusual anew, or not at all.
    case "unusual_use":
    // Each is a deed of somebody else.
    case "leak_report":
    case "limits_changed":
      return false;
    case "refused_burst":
    case "dormant_key":
      return answered.kind === now.kind;
    case "address_refused":
    case "new_device":
      return answered.kind === now.kind && placeOf(answered.address) === placeOf(now.address);
  }
}

/** Whether its owner is told of it though an alert of the kind is open and was told a moment ago. */
export function isToldEachTime({ kind }: AlertFacts): boolean {
  return kind === "leak_report";
}

/** Whether the key was frozen by itself for it. */
export function hasFrozen(facts: AlertFacts): boolean {
  return facts.kind === "unusual_use" && facts.isFrozen;
}

/** What an open alert says when it happens again. */
export function joined(open: AlertFacts, now: AlertFacts): AlertFacts {
  // That it has frozen the key stays true of it.
  if (now.kind === "unusual_use") return { ...now, isFrozen: now.isFrozen || hasFrozen(open) };
  if (open.kind !== "limits_changed" || now.kind !== "limits_changed") return now;
  const changes = new Map<string, LimitChange>(open.changes.map((change) => [change.field, change]));
  for (const change of now.changes) {
    const { before } = changes.get(change.field) ?? change;
    changes.set(change.field, { ...change, before });
  }
  return { ...now, changes: [...changes.values()] };
}

function placeOf(address: string | null): string {
  const parsed = parseAddress(address ?? "");
  return parsed ? networkText(neighbourhood(parsed)) : (address ?? "unknown");
}
