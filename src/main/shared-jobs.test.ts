import { expect, test } from "bun:test";
import { eachEngine } from "../../test/support/databases.ts";
import { createSharedJobs } from "./shared-jobs.ts";

const clock = { nowMs: () => 1_000, monotonicMs: () => 0 };

eachEngine((databases) => {
  test("the second process tells how the jobs of the first do, and its own as they are there", async () => {
    const { db } = await databases.open(await databases.migrated());
    const [first, second] = [1, 2].map((number) => createSharedJobs({ db, clock }, { number, of: 2 }));
    expect(await second?.states()).toEqual([]);
    for (const name of ["mail", "caps"]) first?.board.watched(name, 5_000, async () => {});
    await first?.keep?.();
    second?.board.watched("caps", 7_000, async () => {});
    const seen = (await second?.states())?.map(({ name, everyMs }) => [name, everyMs]);
    expect(seen).toEqual([
      ["caps", 7_000],
      ["mail", 5_000],
    ]);
    expect(second?.keep).toBeNull();
    expect(createSharedJobs({ db, clock }, { number: 1, of: 1 }).keep).toBeNull();
  });
});
