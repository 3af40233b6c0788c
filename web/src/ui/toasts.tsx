import { lazy, Suspense } from "react";
import { idle } from "../lib/idle.ts";

export interface ToastText {
  title: string;
  /** Smaller, below the title. */
  detail?: string;
  /** For what did not work. */
  type?: "bad";
  /** A button that takes back what has been done; the text then stays for longer. */
  undo?: { label: string; run: () => void };
}
export type ShowToast = (toast: ToastText) => void;

let ready: (show: ShowToast) => void = () => {};
const shown = new Promise<ShowToast>((resolve) => {
  ready = resolve;
});
let want: () => void = () => {};
const wanted = new Promise<void>((resolve) => {
  want = resolve;
});

const ToastList = lazy(async () => {
  await Promise.race([wanted, idle()]);
  return { default: (await import("./toast-list.tsx")).ToastList };
});

/** Short news about what has just been done. What shows it is loaded when the page is idle, or with the first. */
export const toasts = {
  add(toast: ToastText): void {
    want();
    void shown.then((show) => show(toast));
  },
};

export function Toasts() {
  return (
    <Suspense fallback={null}>
      <ToastList onReady={ready} />
    </Suspense>
  );
}
