import type { TFunction } from "i18next";
import { type RefObject, useEffect, useRef, useState } from "react";
import { ApiError } from "./api-error.ts";
import { errorText } from "./error-text.ts";

export type FieldErrors<Field extends string> = Partial<Record<Field, string | undefined>>;

interface FormErrors<Field extends string> {
  formRef: RefObject<HTMLFormElement | null>;
  errors: FieldErrors<Field>;
  /** Shows the errors and moves to the first one. True when there are none. */
  accept: (errors: FieldErrors<Field>) => boolean;
}

/** The errors of a form's fields. Put `formRef` on the form. */
export function useFormErrors<Field extends string>(): FormErrors<Field> {
  const formRef = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<FieldErrors<Field>>({});
  useEffect(() => {
    if (Object.values(errors).every((error) => error === undefined)) return;
    formRef.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);
  const accept = (found: FieldErrors<Field>): boolean => {
    setErrors(found);
    return Object.values(found).every((error) => error === undefined);
  };
  return { formRef, errors, accept };
}

/**
 * What the server refused, put at the fields that this form has. Null when none of them is meant: then the failure
 * belongs above the form.
 */
export function refusedFields<Field extends string>(
  error: unknown,
  fields: readonly Field[],
  t: TFunction,
): FieldErrors<Field> | null {
  if (!(error instanceof ApiError)) return null;
  const found = fields.filter((field) => error.fields.includes(field));
  if (found.length === 0) return null;
  const text = error.code === "invalid_field" ? t("account.checkField") : errorText(error, t);
  const errors: FieldErrors<Field> = {};
  for (const field of found) errors[field] = text;
  return errors;
}
