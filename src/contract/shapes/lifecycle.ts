/** From a key's first secret to its end: rotation. */
import { idParams } from "../schemas/common.ts";
import * as keyApi from "../schemas/key-api.ts";
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
    response: keyApi.createdApiKeySchema,
    params: keyApi.hashParams,
    body: keyApi.rotateApiKeyBody,
  },
  endFormerApiSecret: {
    summary: "End the former secret of a key before its time",
    status: 200,
    response: keyApi.oneApiKeySchema,
    params: keyApi.hashParams,
  },
} as const satisfies Record<string, RouteShapes>;
