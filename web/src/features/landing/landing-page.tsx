import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { buttonStyle } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Logo, LogoMark } from "../../ui/logo.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PreferencesMenu } from "../../ui/preferences-menu.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";
import { useIsSignedIn } from "../account/session.ts";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import { SplitGate } from "./split-gate.tsx";

export function LandingPage() {
  const { t } = useTranslation();
  const instance = useInstance();
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-8">
      <title>{`Gapura · ${t("landing.headline")}`}</title>
      <SkipLink />
      <LandingHeader />
      <main id="content" className="flex-1 pb-16">
        <div className="grid items-center gap-10 pt-8 pb-14 sm:pt-14 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
          <div>
            <h1 className="text-4xl font-bold tracking-tight sm:text-5xl lg:text-[3.1rem] lg:leading-[1.1]">
              {t("landing.headline")
                .split(/(?<=\.)\s/)
                .map((sentence) => (
                  <span key={sentence} className="block">
                    {`${sentence} `}
                  </span>
                ))}
            </h1>
            <p className="mt-5 max-w-xl text-lg text-muted text-pretty">{t("landing.lead")}</p>
            {instance.setup === "token" ? (
              <Notice tone="warn" className="mt-6 max-w-xl">
                {t("landing.needsOwner")}
              </Notice>
            ) : null}
            {instance.setup === "firstAccount" ? (
              <Notice tone="info" className="mt-6 max-w-xl">
                {t("landing.firstAccount")}
              </Notice>
            ) : null}
            <div className="mt-8">
              <h2 className="text-base font-bold">{t("landing.tryTitle")}</h2>
              <p className="mt-1 mb-3 max-w-xl text-muted">{t("landing.tryText")}</p>
              <CodeBlock code={apiBaseUrl(instance)} copyLabel={t("common.copy")} className="max-w-xl" />
            </div>
          </div>
          <SplitGate label={t("landing.imageLabel")} />
        </div>
        <Points />
      </main>
      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-2 border-t border-line py-6 text-sm text-muted">
        <p>{t("landing.footer", { version: instance.version })}</p>
        <nav aria-label={t("shell.docs")} className="flex gap-5">
          <Link to="/docs" className="text-link">
            {t("landing.guideLink")}
          </Link>
          {instance.mail.mailboxOpen ? (
            <Link to="/mailbox" className="text-link">
              {t("shell.mailbox")}
            </Link>
          ) : null}
        </nav>
      </footer>
    </div>
  );
}

function LandingHeader() {
  const { t } = useTranslation();
  const isSignedIn = useIsSignedIn();
  return (
    <header className="flex items-center justify-between gap-2 py-4">
      <Link to="/" className="rounded-md" aria-label="Gapura">
        <Logo className="max-sm:hidden" />
        <LogoMark className="sm:hidden" />
      </Link>
      <div className="flex items-center gap-1.5 sm:gap-2.5">
        <PreferencesMenu />
        {isSignedIn ? (
          <Link to="/dashboard" className={buttonStyle({ look: "primary" })}>
            {t("shell.dashboard")}
          </Link>
        ) : (
          <>
            <Link to="/login" className={buttonStyle({ look: "secondary" })}>
              {t("account.login")}
            </Link>
            <Link to="/sign-up" className={buttonStyle({ look: "primary" })}>
              {t("account.signUp")}
            </Link>
          </>
        )}
      </div>
    </header>
  );
}

function Points() {
  const { t } = useTranslation();
  const points = [
    { title: t("landing.pointKeysTitle"), text: t("landing.pointKeysText") },
    { title: t("landing.pointMoneyTitle"), text: t("landing.pointMoneyText") },
    { title: t("landing.pointOwnTitle"), text: t("landing.pointOwnText") },
  ];
  return (
    <ul className="grid gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-3">
      {points.map(({ title, text }) => (
        <li key={title} className="bg-surface p-6">
          <h2 className="font-bold">{title}</h2>
          <p className="mt-1.5 text-muted text-pretty">{text}</p>
        </li>
      ))}
    </ul>
  );
}
