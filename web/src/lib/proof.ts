/** Where `call()` asks for a fresh proof when the server wants one; the frame of the signed-in pages gives the answer. */

type Asker = () => Promise<boolean>;

let asker: Asker | null = null;
let asked: Promise<boolean> | null = null;

/** Asks the person from now on. Gives back how to stop that. */
export function answerProofsWith(next: Asker): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = null;
  };
}

/** True once the person has proved it. What asks at the same time shares one question. */
export function askForProof(): Promise<boolean> {
  if (asker === null) return Promise.resolve(false);
  asked ??= asker().finally(() => {
    asked = null;
  });
  return asked;
}
