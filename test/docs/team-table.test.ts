/** The page about teams says what the server goes by: one table, in both languages. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ABILITIES, type Ability, RIGHTS, ROLES } from "../../src/contract/roles.ts";
import { accounts as englishAccounts } from "../../web/src/i18n/en/accounts.ts";
import { team as english } from "../../web/src/i18n/en/team.ts";
import { accounts as indonesianAccounts } from "../../web/src/i18n/id/accounts.ts";
import { team as indonesian } from "../../web/src/i18n/id/team.ts";

const docs = join(import.meta.dir, "..", "..", "docs");

test.each([
  ["team.md", { ...englishAccounts, ...english }],
  ["team.id.md", { ...indonesianAccounts, ...indonesian }],
] as const)("%s holds the table of roles as the contract has it", (file, words) => {
  const head = ["", ...ROLES.map((role) => words[`role_${role}`])];
  const rows = (Object.keys(ABILITIES) as Ability[]).map((ability) => [
    words[`ability_${ability}`],
    ...ROLES.map((role) => words[`reach_${RIGHTS[ABILITIES[ability].right][role]}`]),
  ]);
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`.replace(/ +/g, " "));
  expect(readFileSync(join(docs, file), "utf8")).toContain(`\n${table.join("\n")}\n`);
});
