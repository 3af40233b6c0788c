import { edenGC, fullGC, heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { Roster, type Seated } from "./roster.ts";
import { SeededRandom } from "./seeded-random.ts";

interface Guest extends Seated {
  name: number;
}

test("whoever came and has not left is there once, in whatever order they come and go", () => {
  const random = new SeededRandom(7);
  const roster = new Roster<Guest>();
  const there = new Set<Guest>();
  const guests = Array.from({ length: 40 }, (_, name): Guest => ({ name }));
  for (let step = 0; step < 5_000; step++) {
    const guest = guests[Math.floor(random.next() * guests.length)] ?? { name: -1 };
    if (random.next() < 0.5) {
      roster.add(guest);
      there.add(guest);
    } else {
      roster.delete(guest);
      there.delete(guest);
    }
    expect(roster.has(guest)).toBe(there.has(guest));
    expect(roster.size).toBe(there.size);
  }
  expect(new Set(roster.all())).toEqual(there);
  expect(roster.filter(({ name }) => name % 2 === 0).every(({ name }) => name % 2 === 0)).toBe(true);
});

test("a member of one roster is not taken into another, and can be once it has left", () => {
  const [one, other] = [new Roster<Guest>(), new Roster<Guest>()];
  const guest: Guest = { name: 1 };
  one.add(guest);
  other.delete(guest);
  expect(() => other.add(guest)).toThrow("another roster");
  expect([one.has(guest), other.has(guest)]).toEqual([true, false]);
  one.delete(guest);
  other.add(guest);
  expect([one.size, other.size]).toEqual([0, 1]);
});

test("who has left is garbage for the next small collection already", () => {
  const roster = new Roster<Guest & { things: object }>();
  const there: (Guest & { things: object })[] = [];
  const comeAndGo = (times: number) => {
    for (let name = 0; name < times; name++) {
      const guest = { name, things: new WeakMap() };
      roster.add(guest);
      there.push(guest);
      const first = there.length > 32 ? there.shift() : undefined;
      if (first) roster.delete(first);
    }
  };
  const alive = () => heapStats().objectTypeCounts["WeakMap"] ?? 0;
  comeAndGo(1_000);
  fullGC();
  const before = alive();
  for (let round = 0; round < 5; round++) {
    comeAndGo(1_000);
    edenGC();
  }
  // The 32 of each round. In a Set all 5,000 outlive them.
  expect(alive() - before).toBeLessThan(500);
});
