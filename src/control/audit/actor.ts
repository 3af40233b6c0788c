/** Who did something, in the words of the audit log. */
import type { AuditActor } from "../../kernel/audit.ts";
import { UNKNOWN_ADDRESS } from "../http/client-address.ts";
import type { Visitor } from "../http/handler.ts";

type Place = Pick<Visitor, "ipAddress">;

export function personActor(userId: string, visitor: Place): AuditActor {
  return { kind: "person", id: userId, address: addressOf(visitor) };
}

/** A program with a key: the key that it called with. */
export function keyActor(keyId: string, visitor: Place): AuditActor {
  return { kind: "key", id: keyId, address: addressOf(visitor) };
}

/** Somebody who is not known. */
export function visitorActor(visitor: Place): AuditActor {
  return { kind: "visitor", id: null, address: addressOf(visitor) };
}

/** Somebody at the machine. */
export const CLI_ACTOR: AuditActor = { kind: "cli", id: null };

function addressOf({ ipAddress }: Place): string | null {
  return ipAddress === UNKNOWN_ADDRESS ? null : ipAddress;
}
