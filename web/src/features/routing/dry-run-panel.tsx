import { useMutation, useQuery } from "@tanstack/react-query";
import { Route } from "lucide-react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "../../../../src/kernel/json.ts";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { FormError, LoadingRows } from "../../ui/states.tsx";
import { SORTS } from "./defaults-entry.ts";
import { dryRunRequest, USES, WISHES } from "./dry-run-body.ts";
import { DryRunResult } from "./dry-run-result.tsx";
import { ModelField } from "./model-field.tsx";
import { presetsQuery } from "./routing-queries.ts";

const USE_TEXTS = {
  tools: "routing.usesTools",
  images: "routing.usesImages",
  schema: "routing.usesSchema",
  long: "routing.usesLong",
} as const;
const WISH_TEXTS = {
  zdr: "routing.wishZdr",
  noTraining: "routing.wishNoTraining",
  noFallbacks: "routing.wishNoFallbacks",
  allParameters: "routing.wishAllParameters",
} as const;

/** Which provider would serve a request, and why: asked of the router, and of nobody else. */
export function DryRunPanel({ model }: { model: string | undefined }) {
  const { t } = useTranslation();
  const ask = useMutation({ mutationFn: (body: JsonObject) => call("tryRoute", { body, query: { api: "chat" } }) });
  const presets = (useQuery(presetsQuery).data?.presets ?? []).filter(({ status }) => status === "active");

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    ask.mutate(dryRunRequest(new FormData(event.currentTarget)));
  }

  return (
    <div className="space-y-5">
      <Card>
        <h2 className="text-lg font-bold">{t("routing.dryRunTitle")}</h2>
        <p className="mt-1 text-sm text-muted">{t("routing.dryRunText")}</p>
        <form onSubmit={submit} className="mt-5 space-y-5">
          <div className="grid gap-4 md:grid-cols-2 lg:grid-cols-3">
            <ModelField name="model" label={t("routing.model")} placeholder="gpt-3.5" defaultValue={model ?? ""} />
            <SelectField
              name="preset"
              label={t("routing.preset")}
              defaultValue=""
              options={[
                { value: "", label: t("routing.noPreset") },
                ...presets.map(({ slug, name }) => ({ value: slug, label: name })),
              ]}
            />
            <SelectField
              name="sort"
              label={t("routing.sort")}
              defaultValue=""
              options={[
                { value: "", label: t("routing.sortUnsaid") },
                ...SORTS.map((sort) => ({ value: sort, label: t(`routing.sort_${sort}`) })),
              ]}
            />
          </div>
          <div className="grid gap-5 md:grid-cols-2">
            <fieldset>
              <legend className="mb-1 text-sm font-semibold">{t("routing.uses")}</legend>
              {USES.map((use) => (
                <CheckField key={use} name={use} label={t(USE_TEXTS[use])} />
              ))}
            </fieldset>
            <fieldset>
              <legend className="mb-1 text-sm font-semibold">{t("routing.wishes")}</legend>
              {WISHES.map((wish) => (
                <CheckField key={wish} name={wish} label={t(WISH_TEXTS[wish])} />
              ))}
            </fieldset>
          </div>
          <Button type="submit" look="primary" busy={ask.isPending}>
            <Route aria-hidden />
            {t("routing.ask")}
          </Button>
        </form>
      </Card>
      <div aria-live="polite" className="space-y-5 empty:hidden">
        <FormError error={ask.error} />
        {ask.isPending ? <LoadingRows rows={3} /> : null}
        {ask.data && !ask.isPending ? <DryRunResult result={ask.data.data} /> : null}
      </div>
    </div>
  );
}
