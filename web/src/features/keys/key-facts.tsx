import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { KeySpending } from "./key-spending.tsx";
import { CAPS } from "./limits.ts";

/** What a key may spend, what of it is left, how fast it may be used, and for which models. */
export function KeyBounds({ apiKey }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Card>
      <h2 className="text-lg font-bold">{t("keys.bounds")}</h2>
      <div className="mt-3 text-sm">
        <KeySpending apiKey={apiKey} isWide />
        {apiKey.limitUsd === null ? <p className="text-muted">{t("keys.spentUnbounded")}</p> : null}
      </div>
      <dl className="mt-4 space-y-2 text-sm">
        {CAPS.map((cap) => {
          const count = apiKey[cap];
          return (
            <Fact key={cap} label={t(`keys.cap_${cap}`)}>
              {count === null ? t("keys.limitNone") : formatCount(count, locale)}
            </Fact>
          );
        })}
        <Fact label={t("keys.models")}>
          {apiKey.allowedModels === null ? t("keys.modelsAll") : null}
          {apiKey.allowedModels?.length === 0 ? t("keys.modelsNoModel") : null}
          <Entries entries={apiKey.allowedModels ?? []} />
        </Fact>
      </dl>
    </Card>
  );
}

/** When a key was made, when it ends, from where it may be called, and how old its secret is. */
export function KeyLife({ apiKey }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { createdAt, lastUsedAt, expiresAt, rotatedAt, formerSecret, allowedAddresses } = apiKey;
  return (
    <Card>
      <h2 className="text-lg font-bold">{t("keys.life")}</h2>
      <dl className="mt-3 space-y-2 text-sm">
        <Fact label={t("keys.columnCreated")}>
          <TimeAgo timeMs={createdAt} />
        </Fact>
        <Fact label={t("keys.columnLastUsed")}>
          {lastUsedAt === null ? t("common.never") : <TimeAgo timeMs={lastUsedAt} />}
        </Fact>
        <Fact label={t("keys.ends")}>
          {expiresAt === null ? t("keys.reset_never") : formatDateTime(expiresAt, locale)}
        </Fact>
        <Fact label={t("keys.rotated")}>{rotatedAt === null ? t("common.never") : <TimeAgo timeMs={rotatedAt} />}</Fact>
        {formerSecret === null ? null : (
          <Fact label={t("keys.former")}>
            <code className="block font-mono text-xs">{formerSecret.label}</code>
            {t("keys.until", { day: formatDateTime(formerSecret.endsAt, locale) })}
          </Fact>
        )}
        <Fact label={t("security.allowedFrom")}>
          {allowedAddresses === null ? t("security.fromAnywhere") : null}
          {allowedAddresses?.length === 0 ? t("keys.fromNowhere") : null}
          <Entries entries={allowedAddresses ?? []} />
        </Fact>
      </dl>
    </Card>
  );
}

function Entries({ entries }: { entries: readonly string[] }) {
  return entries.map((entry) => (
    <code key={entry} className="block font-mono text-xs [overflow-wrap:anywhere]">
      {entry}
    </code>
  ));
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 text-right tabular-nums">{children}</dd>
    </div>
  );
}
