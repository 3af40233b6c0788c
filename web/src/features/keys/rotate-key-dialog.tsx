import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { endsInTime, NO_POLICY } from "../../../../src/kernel/key-life.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { keyPolicyQuery } from "../key-risks/risk-queries.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { useRotateKey } from "./key-queries.ts";
import { readExpiry } from "./limits.ts";
import { localMinute, MOST_OVERLAP_MS, OVERLAPS, type Overlap, overlapSecondsOf } from "./overlap.ts";
import { SecretShownOnce, ShownOnceButtons, useCopiedGuard } from "./shown-once.tsx";

/** Gives a key a new secret and shows it this once; the one before works until the time that is chosen. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyRow; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rotate = useRotateKey();
  const { onCopied, ...guard } = useCopiedGuard(rotate.data !== undefined, onClose);
  const rotated = rotate.data;
  return (
    <Dialog
      isOpen
      onClose={guard.close}
      closesOnOutsideClick={rotated === undefined}
      title={rotated ? t("keys.rotatedTitle") : t("keys.rotateTitle", { name: apiKey.name })}
      {...(rotated ? {} : { description: t("keys.rotateText") })}
    >
      {rotated ? (
        <>
          <div className="space-y-5">
            <SecretShownOnce name={rotated.key.name} secret={rotated.secret} onCopied={onCopied} />
            <p>
              {rotated.key.formerSecret === null
                ? t("keys.formerEnded")
                : t("keys.formerUntil", { when: formatDateTime(rotated.key.formerSecret.endsAt, locale) })}
            </p>
          </div>
          <ShownOnceButtons {...guard} />
        </>
      ) : (
        <RotateForm
          apiKey={apiKey}
          isBusy={rotate.isPending}
          error={rotate.error}
          onSubmit={(body) => rotate.mutate({ id: apiKey.id, ...body })}
          onCancel={guard.close}
        />
      )}
    </Dialog>
  );
}

interface RotateFormProps {
  apiKey: ApiKeyRow;
  isBusy: boolean;
  error: unknown;
  onSubmit: (body: BodyOf<"rotateKey">) => void;
  onCancel: () => void;
}

function RotateForm({ apiKey: { formerSecret, expiresAt }, isBusy, error, onSubmit, onCancel }: RotateFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const policy = useQuery(keyPolicyQuery).data ?? NO_POLICY;
  const isBounded = policy.maxLifetimeDays !== null;
  const [overlap, setOverlap] = useState<Overlap>("day");
  const [until, setUntil] = useState("");
  const [problem, setProblem] = useState<string>();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    // Of two former secrets nobody knows which program still uses which.
    const seconds = formerSecret === null ? overlapSecondsOf(overlap, until, Date.now()) : 0;
    if (seconds === null) setProblem(t("keys.overlapInvalid"));
    else
      onSubmit({
        overlapSeconds: seconds,
        ...(isBounded ? { expiresAt: readExpiry(new FormData(event.currentTarget), expiresAt) } : {}),
      });
  }

  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      <FormError error={error} />
      {formerSecret === null ? (
        <SelectField
          label={t("keys.overlap")}
          value={overlap}
          onChange={(event) => setOverlap(OVERLAPS.find((known) => known === event.target.value) ?? "day")}
          options={OVERLAPS.map((value) => ({ value, label: t(`keys.overlap_${value}`) }))}
        />
      ) : (
        <Notice tone="warn" title={t("keys.formerWorks", { label: formerSecret.label })}>
          {t("keys.formerWorksText", { when: formatDateTime(formerSecret.endsAt, locale) })}
        </Notice>
      )}
      {formerSecret === null && overlap === "custom" ? (
        <TextField
          type="datetime-local"
          label={t("keys.overlapUntil")}
          hint={t("keys.overlapHint")}
          min={localMinute(Date.now())}
          max={localMinute(Date.now() + MOST_OVERLAP_MS)}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
          error={problem}
        />
      ) : null}
      {isBounded ? (
        <ExpiryField {...(endsInTime(policy, Date.now(), expiresAt) ? { initial: expiresAt } : {})} />
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" busy={isBusy}>
          {t("keys.rotate")}
        </Button>
      </div>
    </form>
  );
}
