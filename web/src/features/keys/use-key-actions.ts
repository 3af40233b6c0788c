import { useState } from "react";
import { useTranslation } from "react-i18next";
import { failureToast } from "../../lib/error-text.ts";
import { toasts } from "../../ui/toasts.tsx";
import type { PendingAction } from "./key-action-dialogs.tsx";
import { useUpdateKey } from "./key-queries.ts";
import type { KeyAction } from "./key-table.tsx";

/** Which dialog is open for which key. Enabling needs none: it takes nothing from anybody. */
export function useKeyActions() {
  const { t } = useTranslation();
  const update = useUpdateKey();
  const [pending, setPending] = useState<PendingAction | null>(null);
  const act = (action: KeyAction, key: PendingAction["key"]): void => {
    if (action !== "enable") {
      setPending({ action, key });
      return;
    }
    update.mutate(
      { id: key.id, disabled: false },
      {
        onSuccess: () => toasts.add({ title: t("keys.enabled", { name: key.name }) }),
        onError: (error) => toasts.add(failureToast(error, t)),
      },
    );
  };
  return [pending, act, () => setPending(null)] as const;
}
