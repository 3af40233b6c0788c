/** How many guesses of a password reach the hash that would confirm one. */
import { expect, test } from "bun:test";
import { createAccountService, from, joinedPerson } from "../../../test/support/accounts.ts";
import { eachEngine } from "../../../test/support/databases.ts";

const EMAIL = "siti@example.com";

eachEngine((databases) => {
  async function begin() {
    const made = await createAccountService(databases);
    const { service, hold } = made;
    await joinedPerson(made, EMAIL);
    hold();
    const guess = (address: string, email = EMAIL) =>
      service.handlers
        .login({ ...from(address), body: { email, password: "a guess that is wrong" } })
        .catch((error: { code: string }) => error.code);
    /** How many hashes this costs. */
    const hashesOf = async (guesses: () => Promise<unknown>) => {
      const before = service.hasher.computed;
      await guesses();
      return service.hasher.computed - before;
    };
    return { guess, hashesOf };
  }

  test("of three hundred guesses of one account from as many addresses at one moment five reach the hash", async () => {
    const { guess, hashesOf } = await begin();
    const address = (index: number) => `198.51.${index >> 8}.${index & 255}`;
    const hashes = await hashesOf(async () => {
      for (let index = 0; index < 300; index++) await guess(address(index));
    });
    expect(hashes).toBe(5);
  });

  test("guesses from one address reach the hash twenty times a minute, whichever accounts they are for", async () => {
    const { guess, hashesOf } = await begin();
    const hashes = await hashesOf(async () => {
      for (let index = 0; index < 100; index++) await guess("198.51.100.7", `person${index}@example.com`);
    });
    expect(hashes).toBe(20);
  });
});
