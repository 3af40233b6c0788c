import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { answerProofsWith } from "../../lib/proof.ts";

const Question = lazy(async () => ({ default: (await import("./proof-question.tsx")).ProofQuestionDialog }));

/** Asks who is there, whenever the server wants to know it anew; then what was begun goes on. */
export function ProofDialog() {
  const [wasAsked, setAsked] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const answer = useRef<(isProven: boolean) => void>(() => {});
  useEffect(
    () =>
      answerProofsWith(() => {
        setAsked(true);
        setOpen(true);
        return new Promise((resolve) => {
          answer.current = resolve;
        });
      }),
    [],
  );
  const close = (isProven: boolean): void => {
    setOpen(false);
    answer.current(isProven);
  };
  if (!wasAsked) return null;
  return (
    <Suspense fallback={null}>
      <Question isOpen={isOpen} onClose={close} />
    </Suspense>
  );
}
