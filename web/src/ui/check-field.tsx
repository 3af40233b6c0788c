import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../lib/class-names.ts";

interface CheckFieldProps extends Omit<ComponentProps<"input">, "type"> {
  label: ReactNode;
}

/** A labelled box to tick. */
export function CheckField({ label, className, ...rest }: CheckFieldProps) {
  return (
    <label className={classNames("flex min-h-9 cursor-pointer items-center gap-2.5 text-sm", className)}>
      <input {...rest} type="checkbox" className="size-4 shrink-0 accent-brand" />
      <span>{label}</span>
    </label>
  );
}
