import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { FormError } from "../../ui/states.tsx";
import { FieldFrame, inputStyle } from "../../ui/text-field.tsx";
import { textOf } from "../account/entries.ts";
import { providersQuery } from "../providers/provider-queries.ts";
import { ReconciliationResult } from "./reconciliation-result.tsx";

/** The same as in the contract, which the browser does not load. */
const LARGEST_FILE = 16 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** Compares what a provider has exported with what was recorded. */
export function ReconciliationPage(): ReactNode {
  const { t } = useTranslation();
  const compare = useMutation({
    mutationFn: async ({ file, provider }: { file: File; provider: string }) => {
      const body = { text: await file.text(), ...(provider === "" ? {} : { provider }) };
      return call("reconcileUsage", { body, timeoutMs: TIMEOUT_MS });
    },
    // Whole exports are not kept once the page is left.
    gcTime: 0,
  });
  return (
    <>
      <PageHeader title={t("reconciliation.title")} lead={t("reconciliation.lead")} />
      <div className="space-y-5">
        <Card>
          <ExportForm
            isBusy={compare.isPending}
            error={compare.error}
            onCompare={(file, provider) => compare.mutate({ file, provider })}
          />
        </Card>
        {compare.data ? <ReconciliationResult result={compare.data} /> : null}
      </div>
    </>
  );
}

interface ExportFormProps {
  isBusy: boolean;
  error: unknown;
  onCompare: (file: File, provider: string) => void;
}

function ExportForm({ isBusy, error, onCompare }: ExportFormProps) {
  const { t } = useTranslation();
  const { data } = useQuery(providersQuery);
  const [problem, setProblem] = useState<string>();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    if (!(file instanceof File) || file.size === 0) {
      setProblem(t("reconciliation.fileMissing"));
    } else if (file.size > LARGEST_FILE) {
      setProblem(t("reconciliation.fileLarge"));
    } else {
      setProblem(undefined);
      onCompare(file, textOf(form, "provider"));
    }
  }

  return (
    <form noValidate onSubmit={submit} className="space-y-4">
      <FormError error={error} />
      <div className="grid gap-4 md:grid-cols-2">
        <FieldFrame label={t("reconciliation.file")} hint={t("reconciliation.fileHint")} error={problem}>
          {(control) => (
            <input
              {...control}
              type="file"
              name="file"
              accept=".csv,.jsonl,.ndjson,.txt,text/csv,text/plain"
              className={`${inputStyle} cursor-pointer py-2 text-sm file:mr-3 file:cursor-pointer file:rounded-md file:border-0 file:bg-sunken file:px-3 file:py-1 file:text-sm file:font-semibold file:text-ink`}
            />
          )}
        </FieldFrame>
        <SelectField
          name="provider"
          label={t("reconciliation.provider")}
          options={[
            { value: "", label: t("reconciliation.providerAuto") },
            ...(data?.providers ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
        />
      </div>
      <Button type="submit" look="primary" busy={isBusy}>
        {t("reconciliation.compare")}
      </Button>
    </form>
  );
}
