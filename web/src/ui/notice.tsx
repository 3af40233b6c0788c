import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../lib/class-names.ts";

const TONES = {
  info: { style: "bg-brand-soft text-ink", icon: Info, iconStyle: "text-brand" },
  good: { style: "bg-good-soft text-ink", icon: CircleCheck, iconStyle: "text-good" },
  warn: { style: "bg-warn-soft text-ink", icon: TriangleAlert, iconStyle: "text-warn" },
  bad: { style: "bg-bad-soft text-ink", icon: CircleAlert, iconStyle: "text-bad" },
};

interface NoticeProps {
  tone: keyof typeof TONES;
  title?: string | undefined;
  children?: ReactNode;
  className?: string;
}

/** Something the reader should know now. Bad news is announced at once, the rest when there is a pause. */
export function Notice({ tone, title, children, className }: NoticeProps) {
  const { style, icon: Icon, iconStyle } = TONES[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={classNames("flex gap-3 rounded-lg p-3.5 text-sm", style, className)}
    >
      <Icon aria-hidden className={classNames("mt-0.5 size-4.5 shrink-0", iconStyle)} />
      <div className="min-w-0 flex-1">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}
