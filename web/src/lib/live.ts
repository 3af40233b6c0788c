/** Whether the server says by itself when something has changed. Where it does not, pages ask from time to time. */
let isLive = false;

/** Whatever is missed nevertheless is seen after so long. */
const LIVE_MS = 120_000;

export function setLive(is: boolean): void {
  isLive = is;
}

/** How long to wait before asking again, for what the server tells of. */
export function unlessLive(askEveryMs: number): () => number {
  return () => (isLive ? Math.max(LIVE_MS, askEveryMs) : askEveryMs);
}
