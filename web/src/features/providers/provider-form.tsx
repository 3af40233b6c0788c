import { ExternalLink } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { ProviderKeyView, VendorView } from "../../../../src/contract/schemas/provider-keys.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { textOf } from "../account/entries.ts";
import {
  isSealed,
  missingEntries,
  readTurn,
  refusedEntries,
  type Turn,
  typedFields,
  typedModels,
} from "./provider-entry.ts";
import { NamingFields, ProviderField, SlugField } from "./provider-fields.tsx";
import { useTestProvider } from "./provider-queries.ts";
import { TestNotice } from "./test-notice.tsx";

export interface Entry {
  name: string;
  slug: string;
  fields: Record<string, string>;
  models: string[];
  turn: Turn;
}

interface ProviderFormProps {
  vendor: VendorView;
  /** What is being changed; null for a new one. */
  stored: ProviderKeyView | null;
  /** Only the fields that are sealed. */
  keyOnly?: boolean;
  isBusy: boolean;
  error: unknown;
  onSave: (entry: Entry) => void;
  onCancel: () => void;
  cancelLabel: string;
}

/** The fields that a vendor declares, a test of what was typed, and saving it. */
export function ProviderForm(props: ProviderFormProps) {
  const { vendor, stored, keyOnly = false, isBusy, error, onSave, onCancel, cancelLabel } = props;
  const { t } = useTranslation();
  const test = useTestProvider();
  const { formRef, errors: missing, accept } = useFormErrors<string>();
  const fields = keyOnly ? vendor.fields.filter(isSealed) : vendor.fields;
  const failure = error ?? test.error;
  const refused = refusedEntries(failure, t);
  const errors = { ...refused, ...missing };

  function read(): Entry | null {
    if (formRef.current === null) return null;
    const form = new FormData(formRef.current);
    const { turn, problems } = readTurn(form, t);
    if (!accept({ ...missingEntries(form, { stored: keyOnly ? null : stored, fields }, t), ...problems })) return null;
    return {
      name: textOf(form, "name").trim(),
      slug: textOf(form, "slug").trim(),
      fields: typedFields(form, fields, stored !== null),
      models: typedModels(form),
      turn,
    };
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entry = read();
    test.reset();
    if (entry !== null) onSave(entry);
  }

  function runTest(): void {
    const entry = read();
    if (entry !== null) test.mutate(testBody(vendor, stored, entry));
  }

  const top = fields.filter((field) => field.required || isSealed(field));
  const more = fields.filter((field) => !field.required && !isSealed(field));
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      {refused === null ? <FormError error={failure} /> : null}
      <KeyPageLink vendor={vendor} />
      {stored === null && vendor.slug === null ? <SlugField vendor={vendor} errors={errors} /> : null}
      {top.map((field) => (
        <ProviderField key={field.name} field={field} vendor={vendor} stored={stored} errors={errors} />
      ))}
      {keyOnly ? null : (
        <MoreSettings
          isForcedOpen={Object.keys(errors).some((name) => !top.some((field) => name.endsWith(field.name)))}
        >
          {more.map((field) => (
            <ProviderField key={field.name} field={field} vendor={vendor} stored={stored} errors={errors} />
          ))}
          <NamingFields vendor={vendor} stored={stored} errors={errors} />
        </MoreSettings>
      )}
      {test.data ? <TestNotice result={test.data} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button className="mr-auto" busy={test.isPending} onClick={runTest}>
          {t("providers.test")}
        </Button>
        <Button onClick={onCancel}>{cancelLabel}</Button>
        <Button type="submit" look="primary" busy={isBusy}>
          {t("providers.save")}
        </Button>
      </div>
    </form>
  );
}

function testBody(vendor: VendorView, stored: ProviderKeyView | null, entry: Entry): BodyOf<"testProviderKey"> {
  if (stored !== null) return { id: stored.id, fields: entry.fields };
  return { type: vendor.type, fields: entry.fields };
}

function KeyPageLink({ vendor }: { vendor: VendorView }) {
  const { t } = useTranslation();
  if (vendor.keyPageUrl === null) return null;
  return (
    <p className="text-sm">
      <a
        href={vendor.keyPageUrl}
        target="_blank"
        rel="noreferrer"
        className="text-link inline-flex items-center gap-1.5"
      >
        {t("providers.getKey", { name: vendor.name })}
        <ExternalLink aria-hidden className="size-3.5" />
        <span className="sr-only">({t("providers.newWindow")})</span>
      </a>
    </p>
  );
}

/** Stays open once something in it was refused, so that the error can be seen and reached. */
function MoreSettings({ isForcedOpen, children }: { isForcedOpen: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);
  return (
    <details ref={details} open={isOpen || isForcedOpen} onToggle={() => setOpen(details.current?.open ?? false)}>
      <summary className="text-link w-fit cursor-pointer rounded text-sm font-semibold">
        {t("providers.moreSettings")}
      </summary>
      <div className="mt-4 space-y-5">{children}</div>
    </details>
  );
}
