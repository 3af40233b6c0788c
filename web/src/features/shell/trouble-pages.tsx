import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../lib/api-error.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { Logo, LogoMark } from "../../ui/logo.tsx";
import { usePageTitle } from "../../ui/page.tsx";
import { ErrorState } from "../../ui/states.tsx";

export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t("common.notFoundTitle"));
  return (
    <main id="content" className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <LogoMark className="size-14" />
      <h1 className="text-2xl font-bold">{t("common.notFoundTitle")}</h1>
      <p className="max-w-md text-muted">{t("common.notFoundText")}</p>
      <Link to="/" className={buttonStyle({ look: "primary" })}>
        {t("common.notFoundHome")}
      </Link>
    </main>
  );
}

/** What a page becomes when reading for it failed, or when it broke while drawing. */
export function TroublePage({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const isAnswer = error instanceof ApiError;
  usePageTitle(isAnswer ? t("common.failedTitle") : t("common.crashTitle"));
  return (
    <main id="content" className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-5 px-6">
      <Logo />
      {isAnswer ? (
        <>
          <h1 className="sr-only">{t("common.failedTitle")}</h1>
          <ErrorState error={error} onRetry={() => window.location.reload()} />
        </>
      ) : (
        <>
          <h1 className="text-2xl font-bold">{t("common.crashTitle")}</h1>
          <p className="text-muted">{t("common.crashText")}</p>
          <Button look="primary" className="self-start" onClick={() => window.location.reload()}>
            {t("common.reload")}
          </Button>
        </>
      )}
    </main>
  );
}

/** Shown when the first answers take longer than a moment. */
export function PendingPage() {
  const { t } = useTranslation();
  return (
    <main id="content" className="flex min-h-[60dvh] items-center justify-center">
      <div role="status">
        <LogoMark className="waiting size-12" />
        <span className="sr-only">{t("common.loading")}</span>
      </div>
    </main>
  );
}
