import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";

export const inputStyle =
  "w-full min-h-11 rounded-lg border border-edge bg-surface px-3 text-base text-ink placeholder:text-muted aria-invalid:border-bad";

/** What every field of a form has around it. */
export interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the entry; undefined when nothing is. */
  error?: string | undefined;
}

interface FieldFrameProps extends FieldProps {
  className?: string | undefined;
  /** Draws the control with what ties it to its label, its hint and its error. */
  children(control: {
    id: string;
    "aria-invalid": true | undefined;
    "aria-describedby": string | undefined;
  }): ReactNode;
}

/** A label above, a hint and an error below, told to assistive technology as well. */
export function FieldFrame({ label, hint, error, className, children }: FieldFrameProps) {
  const id = useId();
  const describedBy = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": describedBy || undefined })}
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

interface TextFieldProps extends ComponentProps<"input">, FieldProps {
  /** Sits inside the field at its end. */
  trailing?: ReactNode;
}

/** A labelled input of one line. */
export function TextField({ label, hint, error, trailing, className, ...rest }: TextFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} className={className}>
      {(control) => (
        <div className="relative">
          <input {...rest} {...control} className={classNames(inputStyle, trailing ? "pr-12" : "")} />
          {trailing}
        </div>
      )}
    </FieldFrame>
  );
}

/** A text field for a secret, with a switch to read along. */
export function PasswordField(props: Omit<TextFieldProps, "type" | "trailing">) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      trailing={
        <button
          type="button"
          className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-r-lg text-muted hover:text-ink"
          aria-label={t(isShown ? "account.hidePassword" : "account.showPassword")}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden className="size-5" /> : <Eye aria-hidden className="size-5" />}
        </button>
      }
    />
  );
}
