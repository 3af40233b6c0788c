import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import type { Role } from "../../contract/roles.ts";
import { saveViewBody } from "../../contract/schemas/saved-views.ts";
import { systemClock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { asChecked } from "../../kernel/json.ts";
import { createSavedViewStore, MOST_VIEWS } from "../../storage/stores/saved-views.ts";
import { viewHandlers } from "./view-handlers.ts";

interface At {
  userId: string;
  accountId: string;
  teamRole?: Role;
}

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const person = (name: string) => storedPerson(storage, `${name}@example.com`);
    const [team, siti, budi] = [await person("team"), await person("siti"), await person("budi")];
    const { listViews, saveView, deleteView } = viewHandlers({
      views: createSavedViewStore(storage.db),
      clock: systemClock,
    });
    const account = ({ userId, accountId, teamRole = "member" }: At) => ({ userId, accountId, teamRole });
    const save = async (at: At, name: string, more: object = {}) => {
      const body = saveViewBody.parse({ page: "logs", name, query: "outcome=error", ...more });
      return (await saveView(asChecked({ account: account(at), body }))).body;
    };
    const list = async (at: At, page = "logs") =>
      (await listViews(asChecked({ account: account(at), query: { page } }))).body.views;
    const names = async (at: At, page?: string) => (await list(at, page)).map(({ name }) => name);
    const remove = (at: At, id: string) => deleteView(asChecked({ account: account(at), params: { id } }));
    return { team, siti, budi, save, list, names, remove };
  }
  const code = async (refused: Promise<unknown>) => {
    const error = await refused.catch((reason: unknown) => reason);
    return error instanceof GapuraError ? error.code : error;
  };

  test("a view is there for its person, in its account and on its page, and nowhere else", async () => {
    const { team, siti, budi, save, names } = await start();
    await save({ userId: siti, accountId: team }, "Failed");
    await save({ userId: siti, accountId: siti }, "Mine");
    expect(await names({ userId: siti, accountId: team })).toEqual(["Failed"]);
    expect(await names({ userId: siti, accountId: siti })).toEqual(["Mine"]);
    expect(await names({ userId: siti, accountId: team }, "models")).toEqual([]);
    expect(await names({ userId: budi, accountId: team })).toEqual([]);
    expect(await names({ userId: budi, accountId: budi })).toEqual([]);
  });

  test("a shared view is seen by the account alone, and deleted by who made it and who manages the account", async () => {
    const { team, siti, budi, save, list, names, remove } = await start();
    const [hers, his] = [
      { userId: siti, accountId: team },
      { userId: budi, accountId: team },
    ];
    const { id } = await save(hers, "Failed", { shared: true });
    expect(await list(his)).toMatchObject([{ id, own: false, removable: false, shared: true, madeBy: "Budi Santoso" }]);
    expect(await names({ userId: budi, accountId: budi })).toEqual([]);
    expect(await code(remove(his, id))).toBe("role_too_low");
    expect(await code(remove({ userId: budi, accountId: budi, teamRole: "owner" }, id))).toBe("resource_not_found");
    const { id: kept } = await save(hers, "Kept to herself");
    expect(await code(remove({ ...his, teamRole: "owner" }, kept))).toBe("resource_not_found");
    await remove({ ...his, teamRole: "admin" }, id);
    await remove(hers, kept);
    expect(await names(hers)).toEqual([]);
  });

  test("who only looks keeps views, and shares none", async () => {
    const { team, siti, save } = await start();
    const viewer = { userId: siti, accountId: team, teamRole: "viewer" } as const;
    expect(await code(save(viewer, "Failed", { shared: true }))).toBe("role_too_low");
    expect(await save(viewer, "Failed")).toMatchObject({ name: "Failed", own: true, removable: true });
  });

  test("a name saved again stands for what was saved last, also where there is no room for another", async () => {
    const { siti, save, list } = await start();
    const at = { userId: siti, accountId: siti };
    for (let index = 0; index < MOST_VIEWS; index++) await save(at, `View ${index}`);
    expect(await code(save(at, "One more"))).toBe("views_full");
    expect(await code(save(at, "One more", { page: "models" }))).toBe("views_full");
    await save(at, "View 7", { query: "status=429" });
    const listed = await list(at);
    expect(listed.length).toBe(MOST_VIEWS);
    expect(listed.find(({ name }) => name === "View 7")?.query).toBe("status=429");
  });
});

test("a name or a query without bound, or with characters that nobody sees, is refused", () => {
  const fine = { page: "logs", name: "A", query: "" };
  expect(saveViewBody.safeParse(fine).success).toBe(true);
  const wrong = [{ name: " " }, { name: "a".repeat(61) }, { name: "a\nb" }, { query: "q".repeat(2001) }, { page: "x" }];
  for (const one of wrong) expect([one, saveViewBody.safeParse({ ...fine, ...one }).success]).toEqual([one, false]);
});
