/** The frame of every page for signed-in people: a menu at the side, or at the lower edge of a phone. */
import { Dialog } from "@base-ui/react/dialog";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Menu as MenuIcon, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { useMediaQuery } from "../../lib/media-query.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Logo } from "../../ui/logo.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";
import { useAccount } from "../account/session.ts";
import { OpenAlertCount } from "../alerts/open-alert-count.tsx";
import { ProofDialog } from "../proof/proof-dialog.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { MAIN_ENTRIES, NAVIGATION, type NavigationEntry } from "./navigation.ts";

export function Shell() {
  return (
    <ShellFrame>
      <Outlet />
    </ShellFrame>
  );
}

/** The frame alone, for a page that is not only for signed-in people. */
export function ShellFrame({ children }: { children: ReactNode }) {
  const isWide = useMediaQuery("(width >= 64rem)");
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[16rem_minmax(0,1fr)]">
      <SkipLink />
      {isWide ? <SideMenu /> : <TopBar />}
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl px-4 pt-6 pb-28 outline-none sm:px-8 lg:pt-10 lg:pb-16"
      >
        <FocusOnNavigation />
        {children}
      </main>
      {isWide ? null : <BottomBar />}
      <ProofDialog />
    </div>
  );
}

/** After a change of page the keyboard continues in its content, not in the menu that was left. */
function FocusOnNavigation() {
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    document.getElementById("content")?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [pathname]);
  return null;
}

function SideMenu() {
  return (
    <header className="sticky top-0 flex h-dvh flex-col gap-6 overflow-y-auto border-r border-line bg-surface px-4 py-5">
      <Link to="/dashboard" className="rounded-md px-2 self-start">
        <Logo />
      </Link>
      <NavigationList />
      <div className="mt-auto">
        <AccountMenu />
      </div>
    </header>
  );
}

function NavigationList({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  const { role } = useAccount();
  return (
    <nav aria-label={t("shell.navigation")} className="space-y-5">
      {NAVIGATION.map((group) => (
        <div key={group.label ?? ""}>
          {group.label ? <p className="mb-1 px-3 text-xs font-semibold text-muted">{t(group.label)}</p> : null}
          <ul className="space-y-0.5">
            {group.entries
              .filter(({ isOwners = false }) => !isOwners || role === "owner")
              .map((entry) => (
                <li key={entry.to}>
                  <NavigationLink entry={entry} {...(onNavigate ? { onNavigate } : {})} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function NavigationLink({ entry, onNavigate }: { entry: NavigationEntry; onNavigate?: () => void }) {
  const { t } = useTranslation();
  const Icon = entry.icon;
  return (
    <Link
      to={entry.to}
      {...(onNavigate ? { onClick: onNavigate } : {})}
      className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium"
      activeProps={{ className: "bg-brand-soft text-brand font-semibold" }}
      inactiveProps={{ className: "text-ink hover:bg-sunken" }}
    >
      <Icon aria-hidden className="size-4.5 shrink-0" />
      {t(entry.label)}
      {entry.to === "/alerts" ? <OpenAlertCount className="ml-auto" /> : null}
    </Link>
  );
}

function TopBar() {
  return (
    <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-surface px-4 py-2.5">
      <Link to="/dashboard" className="rounded-md">
        <Logo />
      </Link>
      <div>
        <AccountMenu isCompact />
      </div>
    </header>
  );
}

const BAR_ITEM = "flex min-h-14 w-full flex-col items-center justify-center gap-0.5 text-xs font-medium [&_svg]:size-5";

function BottomBar() {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t("shell.navigation")}
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]"
    >
      {MAIN_ENTRIES.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className={BAR_ITEM}
          activeProps={{ className: "text-brand font-semibold" }}
          inactiveProps={{ className: "text-muted" }}
        >
          <Icon aria-hidden />
          {t(label)}
        </Link>
      ))}
      <Drawer />
    </nav>
  );
}

/** The whole menu of a phone. */
function Drawer() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className={classNames(BAR_ITEM, "text-muted")}>
        <span className="relative">
          <MenuIcon aria-hidden />
          <OpenAlertCount className="absolute -top-2 left-3" />
        </span>
        {t("common.menu")}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup className="slide fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col gap-6 overflow-y-auto bg-surface p-4 shadow-float">
          <div className="flex items-center justify-between">
            <Dialog.Title render={<p />}>
              <Logo />
            </Dialog.Title>
            <Dialog.Close aria-label={t("common.close")} className={buttonStyle({ look: "quiet", size: "icon" })}>
              <X aria-hidden />
            </Dialog.Close>
          </div>
          <NavigationList onNavigate={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
