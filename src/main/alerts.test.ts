import { expect, test } from "bun:test";
import type { SafetySignal } from "../gateway/ports.ts";
import { Gather } from "../watch/gather.ts";
import { createAlertSink } from "./alerts.ts";

const ATTACK = 30_000;

test("a key that is called from ever new networks outside its list fills neither log", async () => {
  let entries = 0;
  let lines = 0;
  const sink = createAlertSink({
    gather: new Gather(),
    audit: { record: async () => void entries++ },
    log: { debug: () => {}, info: () => {}, warn: () => void lines++, error: () => {} },
  });
  const key = { id: "Ab3dE5g7", userId: "user_1" } as Extract<SafetySignal, { kind: "address_refused" }>["key"];
  for (let call = 0; call < ATTACK; call++) {
    const address = `2001:db8:${call.toString(16)}::1`;
    sink.report({ kind: "address_refused", key, address, list: "key", requestId: "req_1", atMs: 1_000_000 + call });
  }
  expect([entries, lines]).toEqual([10, 10]);
});
