import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import { errorText, requestIdText } from "../lib/error-text.ts";
import { Button } from "./button.tsx";
import { LogoMark } from "./logo.tsx";
import { Notice } from "./notice.tsx";

/** Nothing is here yet, and what to do about it. */
export function EmptyState({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-dashed border-edge/60 px-6 py-14 text-center">
      <LogoMark className="size-10 opacity-70" />
      <h2 className="text-lg font-semibold">{title}</h2>
      {text ? <p className="max-w-md text-muted text-pretty">{text}</p> : null}
      {children}
    </div>
  );
}

/** A failure in the place of what could not be read, with a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice tone="bad" title={t("common.failedTitle")}>
      <ErrorWords error={error} />
      {onRetry ? (
        <Button size="small" className="mt-3" onClick={onRetry}>
          <RotateCw aria-hidden />
          {t("common.retry")}
        </Button>
      ) : null}
    </Notice>
  );
}

/** A failed attempt, above the form it belongs to. Draws nothing without an error. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <Notice tone="bad">
      <ErrorWords error={error} />
    </Notice>
  );
}

function ErrorWords({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const requestId = requestIdText(error, t);
  return (
    <>
      <p>{errorText(error, t)}</p>
      {requestId === null ? null : (
        <p className="mt-1 font-mono text-xs text-muted [overflow-wrap:anywhere]">{requestId}</p>
      )}
    </>
  );
}

/** The place of something that is being read, in its later size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("motion-safe:animate-pulse rounded-md bg-line/70", className)} />;
}

/** Skeleton rows for a list, announced once. */
export function LoadingRows({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="space-y-2">
      <span className="sr-only">{t("common.loading")}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <Skeleton key={index} className="h-14 rounded-lg" />
      ))}
    </div>
  );
}
