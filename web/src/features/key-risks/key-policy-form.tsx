import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { MOST_LIFETIME_DAYS } from "../../../../src/kernel/key-life.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import { useAccount } from "../account/session.ts";
import { keyPolicyQuery, useSetKeyPolicy } from "./risk-queries.ts";

const FIELDS = ["maxLifetimeDays"] as const;

/** How long keys of the instance may live: set by its owner, read by everybody. */
export function KeyPolicySection() {
  const { t } = useTranslation();
  const { role } = useAccount();
  const { data, error, isPending, refetch } = useQuery(keyPolicyQuery);
  if (isPending) return <LoadingRows rows={1} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const days = data.maxLifetimeDays;
  if (role === "owner") return <PolicyForm key={days ?? 0} days={days} />;
  return <p>{days === null ? t("safety.policyNone") : t("safety.policyIs", { count: days })}</p>;
}

function PolicyForm({ days }: { days: number | null }) {
  const { t } = useTranslation();
  const set = useSetKeyPolicy();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const refused = refusedFields(set.error, FIELDS, t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = textOf(new FormData(event.currentTarget), "maxLifetimeDays").trim();
    const isDays = /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_LIFETIME_DAYS;
    if (!accept({ maxLifetimeDays: text === "" || isDays ? undefined : t("safety.policyInvalid") })) return;
    const maxLifetimeDays = text === "" ? null : Number(text);
    // The form is made anew with what was saved, and what it waited for would not be told to one that is gone.
    const saved = () => toasts.add({ title: t("safety.policySaved") });
    set.mutateAsync({ maxLifetimeDays }).then(saved, () => undefined);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refused === null ? <FormError error={set.error} /> : null}
      <TextField
        name="maxLifetimeDays"
        label={t("safety.policyDays")}
        placeholder={t("safety.policyNoBound")}
        hint={t("safety.policyHint")}
        inputMode="numeric"
        autoComplete="off"
        className="max-w-xs"
        defaultValue={days === null ? "" : String(days)}
        error={errors.maxLifetimeDays ?? refused?.maxLifetimeDays}
      />
      <Button type="submit" look="primary" busy={set.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}
