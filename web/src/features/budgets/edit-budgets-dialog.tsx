import { type FormEvent, useId } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { AccountCaps, Credit } from "../../../../src/contract/schemas/budgets.ts";
import { isAmount, readAmount } from "../../lib/amount-entry.ts";
import { type FieldErrors, refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { CapFields } from "../keys/cap-fields.tsx";
import { CAPS, readCaps } from "../keys/limits.ts";
import { BUDGET_WINDOWS, type BudgetWindow } from "./budget-window.ts";
import { type BudgetTarget, useSetBudgets } from "./money-queries.ts";

type Limits = Partial<Record<BudgetWindow, string | null>>;

interface EditBudgetsProps {
  target: BudgetTarget;
  /** Whose budgets they are, for the title. */
  whose: string;
  /** What is set now by who edits it. */
  initial: Limits;
  /** Given where it can be changed whether the account pays in advance. */
  billing?: Credit["billing"];
  /** Given where it can be changed how fast the account may call. */
  caps?: AccountCaps;
  onClose: () => void;
}

/** Sets the four budgets of somebody, and what else bounds an account. Only what was changed is sent, so that two people can change two of them. */
export function EditBudgetsDialog({ target, whose, initial, billing, caps, onClose }: EditBudgetsProps) {
  const { t } = useTranslation();
  const hintId = useId();
  const set = useSetBudgets(target);
  const { formRef, errors, accept } = useFormErrors<BudgetWindow | keyof AccountCaps>();
  const refused = refusedFields(set.error, BUDGET_WINDOWS, t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const entries = BUDGET_WINDOWS.map((window) => [window, readAmount(form, window)] as const);
    const entered = readCaps(form, t);
    const problems: FieldErrors<BudgetWindow | keyof AccountCaps> = { ...entered.problems };
    for (const [window, amount] of entries) {
      if (amount !== null && !isAmount(amount)) problems[window] = t("keys.limitInvalid");
    }
    if (!accept(problems)) return;

    const changes: BodyOf<"setAccountBudgets"> = {};
    for (const [window, amount] of entries) if (amount !== (initial[window] ?? null)) changes[window] = amount;
    const chosen = form.has("prepaid") ? "prepaid" : "unmetered";
    if (billing !== undefined && chosen !== billing) changes.billing = chosen;
    const changedCaps = CAPS.filter((cap) => caps !== undefined && caps[cap] !== entered.caps[cap]);
    if (changedCaps.length > 0) changes.caps = Object.fromEntries(changedCaps.map((cap) => [cap, entered.caps[cap]]));
    if (Object.keys(changes).length === 0) {
      onClose();
      return;
    }
    const onSuccess = () => {
      toasts.add({ title: t("budgets.saved") });
      onClose();
    };
    set.mutate(changes, { onSuccess });
  }

  return (
    <Dialog isOpen onClose={onClose} title={t("budgets.editTitle", { whose })}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={set.error} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          {BUDGET_WINDOWS.map((window) => (
            <TextField
              key={window}
              name={window}
              label={t(`budgets.field_${window}`)}
              placeholder={t("budgets.noBudget")}
              inputMode="decimal"
              autoComplete="off"
              defaultValue={initial[window] ?? ""}
              error={errors[window] ?? refused?.[window]}
            />
          ))}
        </div>
        {billing === undefined ? null : (
          <div>
            <CheckField
              name="prepaid"
              label={t("budgets.prepaid")}
              defaultChecked={billing === "prepaid"}
              aria-describedby={hintId}
            />
            <p id={hintId} className="pl-6.5 text-sm text-muted">
              {t("budgets.prepaidHint")}
            </p>
          </div>
        )}
        {caps === undefined ? null : (
          <fieldset>
            <legend className="mb-2 text-sm text-muted">{t("budgets.capsLegend")}</legend>
            <CapFields initial={caps} errors={errors} />
          </fieldset>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={set.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
