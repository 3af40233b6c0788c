import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { GateBackdrop } from "../../ui/gate-backdrop.tsx";
import { Logo } from "../../ui/logo.tsx";
import { usePageTitle } from "../../ui/page.tsx";
import { PreferencesMenu } from "../../ui/preferences-menu.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";

interface AuthPageProps {
  title: string;
  lead?: ReactNode;
  /** Where else one may want to go. */
  footer?: ReactNode;
  children: ReactNode;
}

/** The frame of the pages before the gate: sign-up, login and what belongs to them. */
export function AuthPage({ title, lead, footer, children }: AuthPageProps) {
  usePageTitle(title);
  return (
    <div className="relative flex min-h-dvh flex-col overflow-hidden">
      <SkipLink />
      <GateBackdrop />
      <header className="flex items-center justify-between px-4 py-4 sm:px-8">
        <Link to="/" className="rounded-md">
          <Logo />
        </Link>
        <PreferencesMenu />
      </header>
      <main id="content" className="flex flex-1 flex-col items-center justify-center px-4 pt-4 pb-16">
        <div className="w-full max-w-md rounded-card border border-line bg-surface p-6 shadow-card sm:p-8">
          <h1 className="text-2xl font-bold">{title}</h1>
          {lead ? <p className="mt-2 text-muted text-pretty">{lead}</p> : null}
          <div className="mt-6 space-y-5">{children}</div>
        </div>
        {footer ? <div className="mt-5 text-center text-sm text-muted">{footer}</div> : null}
      </main>
    </div>
  );
}
