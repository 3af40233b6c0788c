/** What an app asks for, read and checked: pure, whoever asks and however it came. */
import type { Authorization } from "../../contract/schemas/oauth.ts";
import { type NanoUsd, usdString } from "../../kernel/money.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import { fieldProblem, requireFuture } from "../keys/key-changes.ts";
import { OUT_OF_BAND, readCallback, withParameter } from "./callback.ts";
import { type Challenge, type ChallengeMethod, challengeProblem } from "./challenge.ts";

/** The request as its schema has let it pass. */
export interface Asked {
  callback_url?: string | undefined;
  code_challenge?: string | undefined;
  code_challenge_method?: ChallengeMethod | undefined;
  key_label?: string | undefined;
  limit?: NanoUsd | undefined;
  usage_limit_type?: LimitReset | undefined;
  expires_at?: number | null | undefined;
}

export interface CheckedRequest {
  /** Null for a program to which the person carries the code. */
  callback: URL | null;
  /** The origin of the callback, or the standards' word for none. */
  appOrigin: string;
  challenge: Challenge | null;
  keyName: string;
  limitNano: NanoUsd | null;
  limitReset: LimitReset | null;
  expiresAt: number | null;
}

/** Throws invalid_field, naming the parameter of the address. */
export function checkRequest(asked: Asked, nowMs: number): CheckedRequest {
  const callback = asked.callback_url === undefined ? null : callbackOf(asked.callback_url);
  const challenge = challengeOf(asked);
  if (callback === null && challenge === null)
    throw fieldProblem("code_challenge", "is needed when there is no callback_url");
  return {
    callback,
    appOrigin: callback?.origin ?? OUT_OF_BAND,
    challenge,
    keyName: asked.key_label ?? callback?.host ?? "App",
    limitNano: asked.limit ?? null,
    limitReset: asked.usage_limit_type ?? null,
    expiresAt: requireFuture("expires_at", asked.expires_at ?? null, nowMs),
  };
}

/** What the person is shown. */
export function shownRequest(request: CheckedRequest): Authorization {
  const { callback, keyName, limitNano, limitReset, expiresAt } = request;
  return {
    appOrigin: callback?.origin ?? null,
    keyName,
    limitUsd: limitNano === null ? null : usdString(limitNano),
    limitReset,
    expiresAt,
    denyUrl: callback === null ? null : withParameter(callback, "error", "access_denied"),
  };
}

function callbackOf(text: string): URL {
  const read = readCallback(text);
  if (!read.ok) throw fieldProblem("callback_url", read.problem);
  return read.url;
}

function challengeOf({ code_challenge: challenge, code_challenge_method: method }: Asked): Challenge | null {
  if (challenge === undefined) {
    if (method === undefined) return null;
    throw fieldProblem("code_challenge", "is missing, though code_challenge_method is there");
  }
  const read = { challenge, method: method ?? "plain" };
  const problem = challengeProblem(read);
  if (problem !== null) throw fieldProblem("code_challenge", problem);
  return read;
}
