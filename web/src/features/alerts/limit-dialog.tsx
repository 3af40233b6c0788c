import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { isAmount, readAmount } from "../../lib/amount-entry.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import type { useAnswerAlert } from "./alert-queries.ts";

const FIELD = "limitUsd";

interface LimitDialogProps {
  /** The key's description. */
  name: string;
  suggestedUsd: string | null;
  answer: ReturnType<typeof useAnswerAlert>;
  onClose: () => void;
}

/** Gives the key a daily limit, with a number that is enough for what is usual. */
export function LimitDialog({ name, suggestedUsd, answer, onClose }: LimitDialogProps) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<typeof FIELD>();
  const refused = refusedFields(answer.error, [FIELD], t);
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const amount = readAmount(new FormData(event.currentTarget), FIELD) ?? "";
    if (!accept({ [FIELD]: isAmount(amount) && Number(amount) > 0 ? undefined : t("keys.limitInvalid") })) return;
    const onSuccess = () => {
      toasts.add({ title: t("alerts.done_limit") });
      onClose();
    };
    answer.mutate({ answer: "limit", limitUsd: amount, limitReset: "daily" }, { onSuccess });
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("alerts.limitTitle", { name })}
      description={t(suggestedUsd === null ? "alerts.limitTextNone" : "alerts.limitText")}
    >
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={answer.error} /> : null}
        <TextField
          name={FIELD}
          label={t("alerts.limitAmount")}
          inputMode="decimal"
          autoComplete="off"
          defaultValue={suggestedUsd ?? ""}
          error={errors[FIELD] ?? refused?.[FIELD]}
        />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={answer.isPending}>
            {t("alerts.limitSave")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
