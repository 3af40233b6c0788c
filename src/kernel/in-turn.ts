/** The work as a function of which one run follows the other, in the order of the calls. A failure ends its own run alone. */
export function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const run = last.then(work);
    last = run.catch(() => {});
    return run;
  };
}
