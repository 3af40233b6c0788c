import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { handClock } from "../../../test/support/money.ts";
import { type CapShares, createCapShares, type ShareKind } from "./cap-shares.ts";

eachEngine((databases) => {
  async function begin() {
    const storage = await databases.open();
    const clock = handClock();
    const start = (isAlone = false) => createCapShares({ ...storage, clock, isAlone });
    const rows = () => storage.db.selectFrom("cap_share").selectAll().where("name", "!=", "").execute();
    /** As if so much time had passed at the database. */
    const age = (ms: number) =>
      storage.db
        .updateTable("cap_share")
        .set((eb) => ({ expires_at: eb("expires_at", "-", ms) }))
        .execute();
    return { storage, clock, start, rows, age };
  }
  const ask = (need: number, kind: ShareKind = "rpm", cap = 40) => ({ name: `key/a/${kind}`, kind, cap, need });
  const of = (shares: CapShares, kind: ShareKind = "rpm") => shares.of(`key/a/${kind}`);

  test("shares of a cap are together never more than the cap, whoever asks for how much", async () => {
    const { start, rows } = await begin();
    const all = [await start(), await start(), await start()];
    for (const one of all) await one.tend();
    for (let round = 1; round <= 20; round++) {
      await Promise.all(all.map((one, index) => one.grow([ask(round * (index + 1))])));
      const sum = (await rows()).reduce((before, { share }) => before + share, 0);
      expect(sum).toBeLessThanOrEqual(40);
      expect(all.map((one) => of(one)).reduce((before, share) => before + share)).toBe(sum);
    }
    expect((await rows()).reduce((before, { share }) => before + share, 0)).toBe(40);
  });

  test("who is alone holds all of a cap at the first call, and gives what it does not need to who comes", async () => {
    const { start } = await begin();
    const first = await start(true);
    await first.grow([ask(1)]);
    expect(of(first)).toBe(40);
    const second = await start();
    await second.grow([ask(1)]);
    expect(of(second)).toBe(0);
    await first.tend();
    first.shrink(ask(1));
    // Beside others a sixteenth part is kept in hand, and of places for calls nothing.
    expect(of(first)).toBe(3);
    await first.grow([ask(1)]);
    await second.grow([ask(30)]);
    expect(of(second)).toBe(32);
    await second.grow([ask(2, "parallel")]);
    expect(of(second, "parallel")).toBe(2);
  });

  test("what a dead process held is others' when the minute is over in which it was used, places for calls sooner", async () => {
    const { start, age } = await begin();
    const dead = await start();
    await dead.grow([ask(40), ask(40, "parallel")]);
    const other = await start();
    const grown = async () => {
      await other.grow([ask(40), ask(40, "parallel")]);
      return [of(other), of(other, "parallel")];
    };
    await age(39_000);
    expect(await grown()).toEqual([0, 0]);
    await age(1_000);
    expect(await grown()).toEqual([0, 40]);
    await age(54_000);
    expect((await grown())[0]).toBe(0);
    await age(2_000);
    expect((await grown())[0]).toBe(40);
  });

  test("of many places those that were just asked for are kept for a second, and of few places none", async () => {
    const { start, clock } = await begin();
    const [shares, other] = [await start(), await start()];
    for (const one of [shares, other]) await one.tend();
    const many = (need: number) => ask(need, "parallel", 640);
    await shares.grow([many(100)]);
    expect(of(shares, "parallel")).toBe(110);
    shares.shrink(many(5));
    expect(of(shares, "parallel")).toBe(110);
    clock.pass(1_000);
    shares.shrink(many(5));
    expect(of(shares, "parallel")).toBe(15);
    const few = (need: number) => ({ ...ask(need, "parallel"), name: "key/b/parallel" });
    await shares.grow([few(30)]);
    shares.shrink(few(5));
    expect(shares.of("key/b/parallel")).toBe(5);
  });

  test("a process that shows that it lives keeps what it holds", async () => {
    const { start, age, clock } = await begin();
    const living = await start();
    await living.grow([ask(40)]);
    for (let look = 0; look < 5; look++) {
      await age(30_000);
      clock.pass(5_000);
      await living.tend();
    }
    const other = await start();
    await other.grow([ask(1)]);
    expect([of(living), of(other)]).toEqual([40, 0]);
  });

  test("a process that could not show for long that it lives gives nothing more, and begins anew under another name", async () => {
    const { start, clock, rows } = await begin();
    const late = await start();
    await late.grow([ask(40)]);
    clock.pass(25_000);
    expect(of(late)).toBe(0);
    await expect(late.grow([ask(1)])).rejects.toThrow("renewed");
    await late.tend();
    await late.grow([ask(1)]);
    // What it may have used under the old name is still counted.
    expect(of(late)).toBe(0);
    expect(await rows()).toMatchObject([{ share: 40 }]);
  });

  test("a share that the database has given to others before its time is not used any more", async () => {
    const { start, age, clock } = await begin();
    const first = await start();
    await first.grow([ask(40)]);
    await age(100_000);
    const other = await start();
    await other.grow([ask(39)]);
    clock.pass(5_000);
    await first.tend();
    expect([of(first), of(other)]).toEqual([0, 40]);
    await first.grow([ask(1)]);
    expect(of(first)).toBe(0);
    other.shrink(ask(10));
    await other.grow([ask(0, "parallel")]);
    await first.grow([ask(1)]);
    expect([of(first), of(other)]).toEqual([3, 20]);
  });

  test("while the database refuses nothing grows, and afterwards no more stands there than is in force here", async () => {
    const { start, storage, rows } = await begin();
    const shares = await start();
    await shares.tend();
    await shares.grow([ask(20)]);
    const held = of(shares);
    await storage.db.schema.alterTable("cap_share").renameTo("cap_share_gone").execute();
    await expect(shares.grow([ask(30)])).rejects.toThrow();
    expect(of(shares)).toBe(held);
    shares.shrink(ask(1));
    const left = of(shares);
    expect(left).toBeLessThan(held);
    await storage.db.schema.alterTable("cap_share_gone").renameTo("cap_share").execute();
    await shares.grow([ask(2, "parallel")]);
    expect((await rows()).find(({ name }) => name === "key/a/rpm")?.share).toBe(left);
  });

  test("who starts with the database for itself alone finds all caps free; who ends leaves what was used to run out", async () => {
    const { start, rows } = await begin();
    const dead = await start();
    await dead.grow([ask(40), ask(4, "parallel")]);
    const next = await start(true);
    expect(await rows()).toEqual([]);
    await next.grow([ask(40), ask(4, "parallel")]);
    await next.end();
    expect(await rows()).toMatchObject([{ name: "key/a/rpm", share: 40 }]);
  });
});
