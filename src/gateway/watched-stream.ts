/** Everything that may end a stream from outside: time, a client that does not read, a key that may not call any more. */
import type { GapuraError } from "../kernel/errors.ts";
import type { Call } from "./call.ts";
import { KEY_REFUSALS } from "./policy/key-auth/key-auth.ts";
import type { OpenCalls } from "./policy/key-auth/open-calls.ts";
import type { StreamKeeper } from "./relay/stream-keeper.ts";

export interface StreamWatch {
  keeper: StreamKeeper;
  openCalls: OpenCalls;
}

/** Keeps a stream, and ends it when its key may not call any more. */
export function keeperOf({ keeper, openCalls }: StreamWatch, { key }: Call): Pick<StreamKeeper, "add" | "remove"> {
  let leave = () => {};
  return {
    add: (stream) => {
      keeper.add(stream);
      if (key) leave = openCalls.add(key, (error) => stream.interrupt(error));
    },
    remove: (stream) => {
      keeper.remove(stream);
      leave();
    },
  };
}

/**
 * Whether Gapura ended an answer that was going well. What it had come to is paid for: else whoever disables their own key
 * near the end of an answer would have it for nothing.
 */
export function isEndedHere({ code }: GapuraError): boolean {
  return code === "shutting_down" || KEY_REFUSALS.has(code);
}
