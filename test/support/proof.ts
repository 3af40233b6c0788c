/** What a test needs to prove itself as a person does, and to let time pass over a proof. */
import { totpCode, totpStep } from "../../src/control/accounts/totp.ts";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import type { TestServer } from "./server.ts";
import { expectStatus, PASSWORD, type Visitor } from "./visitor.ts";

/** Makes a session's last proof as old as if it had been given at that time. */
export async function proofOf(
  server: Pick<TestServer, "dataDir"> & { place?: StorageOptions },
  person: Visitor,
  atMs: number,
): Promise<void> {
  const { body } = expectStatus(await person.dashboard("/account/sessions"), 200);
  const { id } = body.sessions.find(({ current }: { current: boolean }) => current);
  const storage = await openStorage(server.place ?? { dataDir: server.dataDir });
  try {
    await storage.db.updateTable("session").set({ proven_at: atMs }).where("id", "=", id).execute();
  } finally {
    await storage.close();
  }
}

/** The code that an authenticator app shows now. */
export function codeOf(secret: string, awayBy = 0): Promise<string> {
  return totpCode(secret, totpStep(Date.now()) + awayBy);
}

/** Lets the codes that were used until now count once more, as the next ones will after half a minute. */
export async function halfAMinuteLater(place: StorageOptions): Promise<void> {
  const storage = await openStorage(place);
  try {
    await storage.db.updateTable("authenticator").set({ last_step: 0 }).execute();
  } finally {
    await storage.close();
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The text behind base32, as authenticator apps read it. */
export function fromBase32(text: string): string {
  const bits = [...text].map((character) => BASE32.indexOf(character).toString(2).padStart(5, "0")).join("");
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join("");
}

/** Turns the second factor on as a person would. The secret is what the app would keep. */
export async function turnOnTwoSteps(person: Visitor): Promise<{ secret: string; recoveryCodes: string[] }> {
  const started = expectStatus(await person.dashboard("/account/authenticator", { currentPassword: PASSWORD }), 201);
  const secret = fromBase32(started.body.secret);
  const code = await codeOf(secret);
  const { body } = expectStatus(await person.dashboard("/account/authenticator/confirm", { code }), 200);
  return { secret, recoveryCodes: body.recoveryCodes };
}
