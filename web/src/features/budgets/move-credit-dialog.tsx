import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BudgetedAccount } from "../../../../src/contract/schemas/budgets.ts";
import { accountLabel } from "../../../../src/kernel/account-label.ts";
import { isAmount, readAmount } from "../../lib/amount-entry.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { isAboveZero } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import { useMoneyText } from "../instance/money.tsx";
import { type CreditMove, newIdempotencyKey, useMoveCredit } from "./money-queries.ts";

const FIELDS = ["amountUsd", "note"] as const;

interface MoveCreditProps {
  direction: CreditMove["direction"];
  account: BudgetedAccount;
  onClose: () => void;
}

/**
 * Adds credit or pays it back, after the amount was read back and confirmed. The movement has its name from the moment
 * on at which the form opens: sent again after a broken connection, it happens once.
 */
export function MoveCreditDialog({ direction, account, onClose }: MoveCreditProps) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const [confirming, setConfirming] = useState<CreditMove | null>(null);
  const move = useMoveCredit(account.id, idempotencyKey);
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const refused = refusedFields(move.error, FIELDS, t);
  const { credit } = account;
  const whose = accountLabel(account);
  const isAdding = direction === "add";

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const amountUsd = readAmount(form, "amountUsd") ?? "";
    const note = textOf(form, "note").trim();
    const isMuch = isAmount(amountUsd) && isAboveZero(amountUsd);
    if (!accept({ amountUsd: isMuch ? undefined : t("budgets.amountZero") })) return;
    move.reset();
    setConfirming({ direction, amountUsd, note: note === "" ? null : note, isGift: form.has("isGift") });
  }

  function send(confirmed: CreditMove): void {
    move.mutate(confirmed, {
      onSuccess: ({ amountUsd, balanceUsd }) => {
        const values = { whose, amount: money(amountUsd.replace("-", "")), balance: money(balanceUsd) };
        toasts.add({ title: isAdding ? t("budgets.added", values) : t("budgets.refunded", values) });
        onClose();
      },
      onError: (error) => {
        if (refusedFields(error, FIELDS, t) !== null) setConfirming(null);
      },
    });
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isAdding ? t("budgets.addTitle", { whose }) : t("budgets.refundTitle", { whose })}
      {...(isAdding ? {} : { description: t("budgets.refundText", { left: money(credit.leftUsd) }) })}
    >
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {isAdding && credit.billing === "unmetered" ? <Notice tone="info">{t("budgets.notPrepaid")}</Notice> : null}
        <TextField
          name="amountUsd"
          label={t("budgets.amount")}
          inputMode="decimal"
          autoComplete="off"
          error={errors.amountUsd ?? refused?.amountUsd}
        />
        <TextField
          name="note"
          label={t("budgets.note")}
          hint={t("budgets.noteHint")}
          maxLength={200}
          autoComplete="off"
          error={refused?.note}
        />
        {isAdding ? <CheckField name="isGift" label={t("budgets.gift")} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary">
            {isAdding ? t("budgets.add") : t("budgets.payBack")}
          </Button>
        </div>
      </form>
      {confirming === null ? null : (
        <ConfirmDialog
          isOpen
          isDangerous={!isAdding}
          title={isAdding ? t("budgets.addTitle", { whose }) : t("budgets.refundTitle", { whose })}
          text={t(isAdding ? "budgets.confirmAdd" : "budgets.confirmRefund", { amount: money(confirming.amountUsd) })}
          confirmLabel={isAdding ? t("budgets.add") : t("budgets.payBack")}
          isBusy={move.isPending}
          error={move.error}
          onConfirm={() => send(confirming)}
          onCancel={() => setConfirming(null)}
        />
      )}
    </Dialog>
  );
}
