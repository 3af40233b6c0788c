import { type ComponentProps, useId } from "react";
import { inputStyle } from "./text-field.tsx";

interface SelectFieldProps extends ComponentProps<"select"> {
  label: string;
  /** The label is for assistive technology only. */
  hideLabel?: boolean;
  options: readonly { value: string; label: string }[];
}

/** A labelled choice of one among a few. */
export function SelectField({ label, hideLabel = false, options, className, ...rest }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1.5 block text-sm font-semibold"}>
        {label}
      </label>
      <select {...rest} id={id} className={inputStyle}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
