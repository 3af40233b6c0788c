import { expect, test } from "bun:test";
import { type Deadline, Deadlines } from "./deadlines.ts";

test("each is told once when it is due, a moved one later, a removed one never", () => {
  let nowMs = 0;
  const deadlines = new Deadlines({ monotonicMs: () => nowMs });
  const told: string[] = [];
  const add = (name: string, dueMs: number) => {
    const deadline = { dueMs, onDue: () => void told.push(name) };
    deadlines.add(deadline);
    return deadline;
  };
  add("first", 10);
  const moved = add("moved", 10);
  const removed = add("removed", 10);
  deadlines.tick();
  expect(told).toEqual([]);
  moved.dueMs = 30;
  deadlines.remove(removed);
  nowMs = 20;
  deadlines.tick();
  deadlines.tick();
  expect(told).toEqual(["first"]);
  nowMs = 30;
  deadlines.tick();
  expect(told).toEqual(["first", "moved"]);
});

test("one that is told may add and remove others", () => {
  const deadlines = new Deadlines({ monotonicMs: () => 1 });
  const told: string[] = [];
  const other = { dueMs: 0, onDue: () => void told.push("other") };
  const next = { dueMs: 1, onDue: () => void told.push("next") };
  deadlines.add({
    dueMs: 0,
    onDue: () => {
      deadlines.remove(other);
      deadlines.add(next);
    },
  });
  deadlines.add(other);
  deadlines.tick();
  deadlines.tick();
  expect(told).toEqual(["next"]);
});

test("one that is moved by another of the same tick waits, and one that was told can wait once more", () => {
  let nowMs = 1;
  const deadlines = new Deadlines({ monotonicMs: () => nowMs });
  const told: string[] = [];
  const later: Deadline = { dueMs: 1, onDue: () => void told.push("later") };
  const first: Deadline = {
    dueMs: 1,
    onDue: () => {
      told.push("first");
      later.dueMs = 10;
      first.dueMs = 5;
      deadlines.add(first);
    },
  };
  deadlines.add(first);
  deadlines.add(later);
  deadlines.tick();
  expect(told).toEqual(["first"]);
  nowMs = 5;
  deadlines.tick();
  nowMs = 9;
  deadlines.remove(first);
  deadlines.tick();
  expect(told).toEqual(["first", "first"]);
  nowMs = 10;
  deadlines.tick();
  expect(told).toEqual(["first", "first", "later"]);
});
