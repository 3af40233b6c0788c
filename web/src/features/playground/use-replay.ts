import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { failureToast } from "../../lib/error-text.ts";
import { randomId } from "../../lib/random-id.ts";
import { toasts } from "../../ui/toasts.tsx";
import type { Turn } from "./conversation.ts";
import { replayOf } from "./replay.ts";

interface Replayed {
  system: string;
  turns: readonly Turn[];
  model: string;
}

/** Reads the recorded request that the address names, once. */
export function useReplay(id: string | undefined, onRead: (replayed: Replayed) => void): void {
  const { t } = useTranslation();
  const read = useRef(onRead);
  read.current = onRead;
  const say = useRef(t);
  say.current = t;
  useEffect(() => {
    if (id === undefined) return undefined;
    const controller = new AbortController();
    call("getActivity", { params: { id }, signal: controller.signal }).then(
      ({ content, model, modelRequested }) => {
        const answeredBy = model ?? modelRequested;
        if (content === null) toasts.add({ title: say.current("activity.contentMissing"), type: "bad" });
        else read.current({ ...replayOf(content, answeredBy, randomId), model: answeredBy });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) toasts.add(failureToast(error, say.current));
      },
    );
    return () => controller.abort();
  }, [id]);
}
