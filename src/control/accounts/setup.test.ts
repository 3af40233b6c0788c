import { expect, test } from "bun:test";
import { Secret } from "../../kernel/secret.ts";
import { createSetup } from "./setup.ts";

const nobody = { ownerId: async () => null, claimOwnership: async () => true };
const setupWith = (secret: string) => createSetup(nobody, { tokenRequired: true, secret: new Secret(secret) });

test("every process of an instance takes the setup token that one of them prints, and no other instance's", async () => {
  const secret = "an instance's secret of some length";
  const token = (await setupWith(secret).token()) ?? "";
  expect(token).toHaveLength(24);
  await expect(setupWith(secret).checkToken(token)).resolves.toBeUndefined();
  await expect(setupWith("another instance's secret, as long").checkToken(token)).rejects.toMatchObject({
    code: "setup_token_wrong",
  });
  expect(secret).not.toContain(token);
});
