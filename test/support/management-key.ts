/** A management key, written beside the running server as the command line does. */
import { createApiKey } from "../../src/kernel/api-key.ts";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";

/** The key itself, of the account with this id. */
export async function managementKeyOf(userId: string, place: StorageOptions): Promise<string> {
  const storage = await openStorage(place);
  try {
    const made = createApiKey("management");
    await createKeyStore(storage.db).create(made, { userId, name: "Management", expiresAt: null }, Date.now());
    return made.key;
  } finally {
    await storage.close();
  }
}
