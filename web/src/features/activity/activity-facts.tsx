import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../ui/copy-button.tsx";

/** Facts that belong together, under a heading of their own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-6 first:mt-0">
      <h3 className="mb-1 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line text-sm">{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-2">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 text-right tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** A fact that is shown only where there is one. */
export function MaybeFact({ label, value }: { label: string; value: string | null }) {
  return value === null || value === "" ? null : <Fact label={label}>{value}</Fact>;
}

export function IdFact({ label, id }: { label: string; id: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-center justify-between gap-4 py-1">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{id}</code>
        <CopyButton text={id} look="quiet" size="icon" aria-label={`${t("common.copy")}: ${label}`} />
      </dd>
    </div>
  );
}
