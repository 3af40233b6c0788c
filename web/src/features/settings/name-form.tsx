import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { nameProblem, textOf } from "../account/entries.ts";
import { accountQuery, useAccount } from "../account/session.ts";

export function NameForm() {
  const { t } = useTranslation();
  const account = useAccount();
  const queries = useQueryClient();
  const { formRef, errors, accept } = useFormErrors<"name">();
  const save = useMutation({
    mutationFn: (name: string) => call("updateAccount", { body: { name } }),
    onSuccess: (changed) => {
      queries.setQueryData(accountQuery.queryKey, changed);
      toasts.add({ title: t("settings.nameSaved") });
    },
  });
  const refused = refusedFields(save.error, ["name"], t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name").trim();
    if (accept({ name: nameProblem(name, t) })) save.mutate(name);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refused === null ? <FormError error={save.error} /> : null}
      <TextField
        name="name"
        label={t("account.name")}
        autoComplete="name"
        maxLength={100}
        defaultValue={account.name}
        error={errors.name ?? refused?.name}
      />
      <Button type="submit" busy={save.isPending}>
        {t("settings.saveName")}
      </Button>
    </form>
  );
}
