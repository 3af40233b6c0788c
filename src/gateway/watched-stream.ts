/** Everything that may end a stream from outside: time, a client that does not read, a key that may not call any more. */
import type { Call } from "./call.ts";
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
