import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "../lib/class-names.ts";
import { inputStyle } from "./text-field.tsx";

interface TextAreaProps extends ComponentProps<"textarea"> {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the entry; undefined when nothing is. */
  error?: string | undefined;
}

/** A labelled text of several lines, with its hint and its error told to assistive technology as well. */
export function TextArea({ label, hint, error, className, ...rest }: TextAreaProps) {
  const id = useId();
  const describedBy = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <textarea
        rows={4}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy || undefined}
        className={classNames(inputStyle, "block py-2 font-mono text-sm")}
      />
      {hint ? (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="mt-1.5 text-sm font-medium text-bad">
          {error}
        </p>
      ) : null}
    </div>
  );
}
