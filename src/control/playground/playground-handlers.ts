/**
 * Calls of the Playground page: a person with a session talks to a model with one of their own keys, whose secret no
 * browser has to know.
 *
 * Invariants: only a key of the account that is worked in, and that the role there lets be changed, is ever used; what comes after is the data plane's way of
 * every call with that key, so its limits, caps, addresses, state and records are those of any other call; the body is
 * read by the data plane alone, with its bounds.
 * Failure modes: a key that is not there is 404; everything else is refused as the data plane refuses it.
 */
import type { Clock } from "../../kernel/clock.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import { keyWithin } from "../keys/key-within.ts";

export interface PlaygroundDeps {
  keys: Pick<KeyStore, "get">;
  clock: Clock;
  /** The data plane's answer to a chat call with the key of this hash. Never rejects. */
  chat(keyHash: string, request: Request, visitor: Visitor): Promise<Response>;
}

export function playgroundHandlers({ keys, clock, chat }: PlaygroundDeps): Handlers<"playgroundChat"> {
  return {
    playgroundChat: async ({ account, params, request, visitor }) => {
      const key = await keyWithin(keys, account, { id: params.id, nowMs: clock.nowMs() });
      return { body: "", answered: await chat(key.hash, request, visitor) };
    },
  };
}
