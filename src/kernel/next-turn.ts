/** Work on something large ends its turn here, so that whatever else has come in is seen to before it goes on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Below so many bytes all that is done with a body in one go takes a few milliseconds. */
export const LARGE_BODY_BYTES = 128 * 1024;
