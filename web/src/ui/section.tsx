import type { ReactNode } from "react";
import { Card } from "./card.tsx";

/** A part of a page of settings: what it is about at the left, what can be done at the right. */
export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Card className="grid gap-x-8 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <div>
        <h2 className="font-bold">{title}</h2>
        {text ? <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{text}</p> : null}
      </div>
      <div className="min-w-0 max-w-xl">{children}</div>
    </Card>
  );
}
