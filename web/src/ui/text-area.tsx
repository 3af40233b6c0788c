import type { ComponentProps } from "react";
import { classNames } from "../lib/class-names.ts";
import { FieldFrame, type FieldProps, inputStyle } from "./text-field.tsx";

type TextAreaProps = ComponentProps<"textarea"> & FieldProps;

/** A labelled text of several lines. */
export function TextArea({ label, hint, error, className, ...rest }: TextAreaProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} className={className}>
      {(control) => (
        <textarea rows={4} {...rest} {...control} className={classNames(inputStyle, "block py-2 font-mono text-sm")} />
      )}
    </FieldFrame>
  );
}
