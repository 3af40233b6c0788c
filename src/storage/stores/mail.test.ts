import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { createMailStore } from "./mail.ts";

const NOW = 1_800_000_000_000;
const LEASE_MS = 60_000;

eachEngine((databases) => {
  async function start(count: number) {
    const options = await databases.options();
    const { db } = await databases.open(options);
    const store = createMailStore(db);
    const ids = Array.from({ length: count }, (_, index) => `mail_${String(index).padStart(3, "0")}`);
    for (const id of ids) {
      await store.add(
        { id, recipient: "budi@example.com", subject: "Halo", text: `link ${id}`, html: "<p>link</p>" },
        NOW,
      );
    }
    return { options, db, store, ids };
  }

  test("two senders never take the same mail, and together they take all", async () => {
    const { options, store, ids } = await start(20);
    const other = createMailStore((await databases.open(options)).db);
    const takeAll = async (sender: typeof store) => {
      const taken: string[] = [];
      for (let mail = await sender.takeDue(NOW, LEASE_MS); mail !== null; mail = await sender.takeDue(NOW, LEASE_MS)) {
        taken.push(mail.id);
      }
      return taken;
    };
    const [here, there] = await Promise.all([takeAll(store), takeAll(other)]);
    expect([...here, ...there].sort()).toEqual(ids);
  });

  test("a mail whose sender died is taken again when the lease is over, not before", async () => {
    const { store } = await start(1);
    expect(await store.takeDue(NOW, LEASE_MS)).toMatchObject({ attempts: 1 });
    expect(await store.takeDue(NOW + LEASE_MS - 1, LEASE_MS)).toBeNull();
    expect(await store.takeDue(NOW + LEASE_MS, LEASE_MS)).toMatchObject({ attempts: 2, text_body: "link mail_000" });
  });

  test("a mail is tried again when it was put off to, and never after it was sent or given up", async () => {
    const { store, ids } = await start(2);
    const [first = "", second = ""] = ids;
    await store.takeDue(NOW, LEASE_MS);
    await store.markFailed(first, "connection refused", { atMs: NOW + 5_000 });
    await store.takeDue(NOW, LEASE_MS);
    await store.markFailed(second, "no such person", { gaveUpAtMs: NOW });
    expect(await store.takeDue(NOW + 4_999, LEASE_MS)).toBeNull();
    expect(await store.takeDue(NOW + 5_000, LEASE_MS)).toMatchObject({ id: first, last_error: "connection refused" });
    await store.markSent(first, NOW + 6_000);
    expect(await store.takeDue(NOW + 10 * LEASE_MS, LEASE_MS)).toBeNull();
  });

  test("the words of a mail, which hold links that open accounts, are wiped when it is sent or given up", async () => {
    const { store, db, ids } = await start(2);
    const [first = "", second = ""] = ids;
    await store.markSent(first, NOW);
    await store.markFailed(second, "no such person", { gaveUpAtMs: NOW });
    expect(JSON.stringify(await db.selectFrom("mail").selectAll().execute())).not.toContain("link");
  });

  test("the mailbox shows what was not sent, newest first", async () => {
    const { store, ids } = await start(3);
    await store.markSent(ids[1] ?? "", NOW);
    await store.add({ id: "mail_new", recipient: "x@example.com", subject: "s", text: "t", html: "h" }, NOW + 1);
    expect((await store.mailbox(10)).map(({ id }) => id)).toEqual(["mail_new", ids[2] ?? "", ids[0] ?? ""]);
    expect((await store.mailbox(1)).map(({ id }) => id)).toEqual(["mail_new"]);
    expect(await store.get(ids[1] ?? "")).toBeNull();
    expect(await store.get(ids[0] ?? "")).toMatchObject({ text_body: "link mail_000" });
  });

  test("trimming keeps exactly the newest, also when they came in the same moment", async () => {
    const { store, ids } = await start(7);
    await store.trim(7);
    expect(await store.mailbox(10)).toHaveLength(7);
    await store.trim(3);
    expect((await store.mailbox(10)).map(({ id }) => id)).toEqual(ids.slice(-3).reverse());
    await store.trim(3);
    expect(await store.mailbox(10)).toHaveLength(3);
  });
});
