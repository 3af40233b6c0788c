/** From a key's first secret to its end: rotation, reminders, policy, risks. */
import { doneSchema } from "../schemas/account.ts";
import { idParams } from "../schemas/common.ts";
import * as keyApi from "../schemas/key-api.ts";
import * as keyLife from "../schemas/key-life.ts";
import * as keyRisks from "../schemas/key-risks.ts";
import * as keys from "../schemas/keys.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const lifecycleShapes = {
  rotateKey: {
    summary: "Give a key a new secret; the old one goes on working for the time that is named",
    status: 200,
    response: keys.createdKeySchema,
    params: idParams,
    body: keys.rotateKeyBody,
  },
  endFormerSecret: {
    summary: "End the former secret of a key before its time",
    status: 200,
    response: keys.keySchema,
    params: idParams,
  },
  rotateApiKey: {
    summary: "Give a key a new secret; the old one goes on working for the time that is named",
    status: 200,
    response: keyApi.rotatedApiKeySchema,
    params: keyApi.hashParams,
    body: keyApi.rotateApiKeyBody,
  },
  endFormerApiSecret: {
    summary: "End the former secret of a key before its time",
    status: 200,
    response: keyApi.oneApiKeySchema,
    params: keyApi.hashParams,
  },
  listKeyRisks: {
    summary: "Own keys that are worth more to a thief than they need be, the riskiest first",
    status: 200,
    response: keyRisks.keyRisksSchema,
    query: keyRisks.keyRisksQuery,
  },
  changeKeys: {
    summary: "Do one thing with many keys; each has an outcome of its own",
    status: 200,
    response: keyRisks.bulkResultSchema,
    body: keyRisks.bulkKeysBody,
  },
  listKeyReminders: {
    summary: "Own keys that end soon, as long as nobody has put the reminder away",
    status: 200,
    response: keyLife.keyRemindersSchema,
  },
  dismissKeyReminder: {
    summary: "Put the reminder of a key away, by the id of the key",
    status: 200,
    response: doneSchema,
    params: idParams,
  },
  getKeyPolicy: {
    summary: "What the instance demands of keys",
    status: 200,
    response: keyLife.keyPolicySchema,
  },
  setKeyPolicy: {
    summary: "Set how long keys of the instance may live",
    status: 200,
    response: keyLife.keyPolicySchema,
    body: keyLife.keyPolicyBody,
  },
} as const satisfies Record<string, RouteShapes>;
