/** The frame of every page for signed-in people: a menu at the side, or at the lower edge of a phone. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { useMediaQuery } from "../../lib/media-query.ts";
import { LaterMenu, whenIdle } from "../../ui/later-menu.tsx";
import { Logo } from "../../ui/logo.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";
import { OpenAlertCount } from "../alerts/open-alert-count.tsx";
import { PaletteButton } from "../palette/palette-button.tsx";
import { ProofDialog } from "../proof/proof-dialog.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { MAIN_ENTRIES } from "./navigation.ts";
import { NavigationList } from "./navigation-list.tsx";
import { useLiveChanges } from "./use-live-changes.ts";

const Drawer = whenIdle(async () => (await import("./drawer.tsx")).Drawer);

export function Shell() {
  useLiveChanges();
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

/** Where a window is too low for all pages, they scroll between what is always wanted: the search and who is signed in. */
function SideMenu() {
  const { pathname } = useLocation();
  const pages = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another current link
  useEffect(() => {
    pages.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [pathname]);
  return (
    <header className="sticky top-0 flex h-dvh flex-col gap-5 border-r border-line bg-surface px-4 py-5">
      <Link to="/dashboard" className="rounded-md px-2 self-start">
        <Logo />
      </Link>
      <PaletteButton />
      <div ref={pages} className="-mx-2 min-h-0 flex-1 overflow-y-auto px-2">
        <NavigationList />
      </div>
      <AccountMenu />
    </header>
  );
}

function TopBar() {
  return (
    <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-surface px-4 py-2.5">
      <Link to="/dashboard" className="rounded-md">
        <Logo />
      </Link>
      <div className="flex items-center gap-1">
        <PaletteButton isCompact />
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
      <LaterMenu
        opens="dialog"
        menu={Drawer}
        trigger={
          <button type="button" className={classNames(BAR_ITEM, "text-muted")}>
            <span className="relative">
              <MenuIcon aria-hidden />
              <OpenAlertCount className="absolute -top-2 left-3" />
            </span>
            {t("common.menu")}
          </button>
        }
      />
    </nav>
  );
}
