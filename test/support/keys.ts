/** Keys that only somebody signed in, or the command line, can make. */
import { expectStatus, type Visitor } from "./visitor.ts";

/** A management key of this person: its id and the whole key. */
export async function managementKey(person: Visitor, name = "Key service"): Promise<{ id: string; secret: string }> {
  const { body } = expectStatus(await person.dashboard("/keys", { name, kind: "management" }), 201);
  return { id: body.key.id, secret: body.secret };
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
