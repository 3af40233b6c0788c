import { expect, test } from "bun:test";
import { asChecked } from "../../../../src/kernel/json.ts";
import { SANDBOX_WORDS } from "../../../../src/kernel/sandbox-words.ts";
import { describedIn } from "./model-description.ts";

const described = (id: string, description: string) =>
  describedIn(
    asChecked({ id, description }),
    asChecked((key: string) => key),
  );

test("every model of the sandbox is described in the reader's language, and what an operator wrote stays as it is", () => {
  for (const [id, description] of Object.entries(SANDBOX_WORDS)) {
    expect(described(id, description)).toMatch(/^models\.sandbox_\w+$/);
    expect(described(id, "Our own words")).toBe("Our own words");
  }
  expect(described("acme/chat", "A model")).toBe("A model");
});
