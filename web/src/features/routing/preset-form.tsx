import type { TFunction } from "i18next";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../lib/api-error.ts";
import { type FieldErrors, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { entryProblem, type PresetEntry, readEntry } from "./preset-entry.ts";

type Field = "slug" | "name" | "description" | "models" | "systemPrompt" | "cacheTtl" | "further";

interface PresetFormProps {
  entry: PresetEntry;
  isNew: boolean;
  saveLabel: string;
  isBusy: boolean;
  error: unknown;
  onSave: (entry: PresetEntry) => void;
  onCancel: () => void;
}

export function PresetForm({ entry, isNew, saveLabel, isBusy, error, onSave, onCancel }: PresetFormProps) {
  const { t } = useTranslation();
  const { formRef, errors: wrong, accept } = useFormErrors<Field>();
  const refused = refusedEntry(error, t);
  const errors = { ...refused, ...wrong };

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = readEntry(new FormData(event.currentTarget));
    const read = isNew ? typed : { ...typed, slug: entry.slug };
    if (accept(problemsOf(read, t))) onSave(read);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      {refused === null ? <FormError error={error} /> : null}
      {isNew ? <SlugField error={errors.slug} /> : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="name" label={t("routing.name")} defaultValue={entry.name} error={errors.name} />
        <TextField
          name="description"
          label={t("routing.description")}
          defaultValue={entry.description}
          error={errors.description}
        />
      </div>
      <TextArea
        name="models"
        label={t("routing.models")}
        hint={t("routing.modelsHint")}
        rows={2}
        defaultValue={entry.models.join("\n")}
        spellCheck={false}
        autoCapitalize="none"
        error={errors.models}
      />
      <TextArea
        name="systemPrompt"
        label={t("routing.systemPrompt")}
        hint={t("routing.systemPromptHint")}
        rows={4}
        defaultValue={entry.systemPrompt}
        error={errors.systemPrompt}
      />
      <CacheFields entry={entry} error={errors.cacheTtl} />
      <TextArea
        name="further"
        label={t("routing.furtherFields")}
        hint={t("routing.furtherFieldsHint")}
        placeholder={'{ "temperature": 0.3, "provider": { "sort": "price" } }'}
        rows={5}
        defaultValue={entry.further}
        spellCheck={false}
        autoCapitalize="none"
        error={errors.further}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" busy={isBusy}>
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}

function SlugField({ error }: { error: string | undefined }) {
  const { t } = useTranslation();
  const [slug, setSlug] = useState("");
  const shown = slug.trim().toLowerCase() || t("routing.slugExample");
  return (
    <TextField
      name="slug"
      label={t("routing.slug")}
      placeholder={t("routing.slugExample")}
      hint={t("routing.slugPresetHint", { slug: shown })}
      value={slug}
      onChange={(event) => setSlug(event.target.value)}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      error={error}
    />
  );
}

function CacheFields({ entry, error }: { entry: PresetEntry; error: string | undefined }) {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(entry.isCached);
  return (
    <div>
      <CheckField
        name="isCached"
        checked={isOn}
        onChange={(event) => setOn(event.target.checked)}
        label={t("routing.cache")}
      />
      {isOn ? (
        <TextField
          name="cacheTtl"
          label={t("routing.cacheTtl")}
          placeholder="300"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={entry.cacheTtl}
          error={error}
          className="mt-2 max-w-52"
        />
      ) : null}
    </div>
  );
}

function problemsOf(entry: PresetEntry, t: TFunction): FieldErrors<Field> {
  const problem = entryProblem(entry);
  if (problem === null) return {};
  if (problem.field === "slug") return { slug: t("routing.slugProblem") };
  if (problem.field === "cacheTtl") return { cacheTtl: t("routing.ttlProblem") };
  return { further: t("routing.jsonWrong", { reason: problem.reason }) };
}

/** What the server refused, at the field where it was typed; null where it was in none of them. */
function refusedEntry(error: unknown, t: TFunction): FieldErrors<Field> | null {
  if (!(error instanceof ApiError)) return null;
  const found: FieldErrors<Field> = {};
  for (const { field, words } of error.problems) {
    const at = fieldOf(field);
    if (at !== null)
      found[at] ??= t("routing.refusedField", { words: at === "further" ? `${field}: ${words}` : words });
  }
  return Object.keys(found).length === 0 ? null : found;
}

function fieldOf(path: string): Field | null {
  const [first = "", second = ""] = path.split(".");
  if (first === "slug" || first === "name" || first === "description" || first === "systemPrompt") return first;
  if (first !== "config") return null;
  if (second === "model" || second === "models") return "models";
  return second === "cache_ttl_seconds" ? "cacheTtl" : "further";
}
