import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { errorCodeText, failureToast } from "../../lib/error-text.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { ExpiryField } from "../keys/expiry-field.tsx";
import { LimitFields } from "../keys/limit-fields.tsx";
import { limitProblem, readExpiry, readLimit } from "../keys/limits.ts";
import { useChangeKeys, useRestoreKeys } from "./risk-queries.ts";

export type BulkKind = "expiry" | "limit" | "disable" | "delete";
type BulkAction = BodyOf<"changeKeys">["action"];

interface BulkDialogProps {
  kind: BulkKind;
  keys: readonly ApiKeyRow[];
  onClose: (isDone: boolean) => void;
}

/** Asks what is to be done with the chosen keys, does it, and says of each that was refused why. */
export function BulkDialog({ kind, keys: chosen, onClose }: BulkDialogProps) {
  const { t } = useTranslation();
  // The list behind the dialog reads again, and loses what is no longer risky.
  const [keys] = useState(chosen);
  const change = useChangeKeys();
  const restore = useRestoreKeys();
  const [problem, setProblem] = useState<string>();
  const failed = change.data?.results.filter(({ ok }) => !ok) ?? [];
  const isDangerous = kind === "delete";

  function announce(count: number): void {
    const title = t("safety.doneAll", { count });
    if (kind === "delete") {
      toasts.add({ title });
      return;
    }
    const run = () =>
      void restore.mutateAsync(keys.map((key) => ({ id: key.id, ...formerOf(kind, key) }))).then(
        () => toasts.add({ title: t("safety.undone", { count }) }),
        (error: unknown) => toasts.add(failureToast(error, t)),
      );
    toasts.add({ title, undo: { label: t("common.undo"), run } });
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const limit = readLimit(form);
    const wrong = kind === "limit" ? limitProblem(limit, t) : undefined;
    setProblem(wrong);
    if (wrong !== undefined) return;
    const action: BulkAction =
      kind === "expiry"
        ? { kind, expiresAt: readExpiry(form) }
        : kind === "limit"
          ? { kind, limitUsd: limit.limitUsd, limitReset: limit.limitReset }
          : { kind };
    const body = { ids: keys.map(({ id }) => id), action };
    const onSuccess: Parameters<typeof change.mutate>[1] = {
      onSuccess: ({ results }) => {
        if (!results.every(({ ok }) => ok)) return;
        announce(results.length);
        onClose(true);
      },
    };
    change.mutate(body, onSuccess);
  }

  if (change.data) {
    const names = new Map(keys.map((key) => [key.id, key.name]));
    return (
      <Dialog isOpen onClose={() => onClose(true)} title={t(`safety.do_${kind}`)}>
        <Notice tone="warn" title={t("safety.doneSome", { done: keys.length - failed.length, all: keys.length })}>
          <ul className="mt-1 list-disc space-y-1 pl-4">
            {failed.map(({ id, code }) => (
              <li key={id} className="[overflow-wrap:anywhere]">
                <span className="font-semibold">{names.get(id)}</span>:{" "}
                {kind === "limit" && code === "invalid_field" ? t("safety.noLimitHere") : errorCodeText(code ?? "", t)}
              </li>
            ))}
          </ul>
        </Notice>
        <div className="mt-5 flex justify-end">
          <Button look="primary" onClick={() => onClose(true)}>
            {t("common.close")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      onClose={() => onClose(false)}
      title={t(`safety.do_${kind}`)}
      description={t(`safety.text_${kind}`, { count: keys.length })}
    >
      <form noValidate onSubmit={submit} className="space-y-5">
        <FormError error={change.error} />
        {kind === "expiry" ? <ExpiryField /> : null}
        {kind === "limit" ? <LimitFields error={problem} /> : null}
        <ul
          className="max-h-40 space-y-0.5 overflow-y-auto text-sm"
          aria-label={t("safety.chosen", { count: keys.length })}
        >
          {keys.map((key) => (
            <li key={key.id} className="truncate">
              {key.name}
            </li>
          ))}
        </ul>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onClose(false)}>{t("common.cancel")}</Button>
          <Button type="submit" look={isDangerous ? "danger" : "primary"} busy={change.isPending}>
            {t(`safety.confirm_${kind}`, { count: keys.length })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a key had before. */
function formerOf(
  kind: Exclude<BulkKind, "delete">,
  { expiresAt, limitUsd, limitReset }: ApiKeyRow,
): BodyOf<"updateKey"> {
  switch (kind) {
    case "expiry":
      return { expiresAt };
    case "limit":
      return { limitUsd, limitReset };
    case "disable":
      return { disabled: false };
  }
}
