import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { OpenAlertCount } from "../alerts/open-alert-count.tsx";
import { AccountSwitcher } from "../team/account-switcher.tsx";
import type { NavigationEntry } from "./navigation.ts";
import { useNavigation } from "./use-navigation.ts";

/** Every page that the signed-in person has. */
export function NavigationList({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("shell.navigation")} className="space-y-5">
      <AccountSwitcher />
      {useNavigation().map((group) => (
        <div key={group.label ?? ""}>
          {group.label ? <p className="mb-1 px-3 text-xs font-semibold text-muted">{t(group.label)}</p> : null}
          <ul className="space-y-0.5">
            {group.entries.map((entry) => (
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
      className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium lg:min-h-8.5"
      activeProps={{ className: "bg-brand-soft text-brand font-semibold" }}
      inactiveProps={{ className: "text-ink hover:bg-sunken" }}
    >
      <Icon aria-hidden className="size-4.5 shrink-0" />
      {t(entry.label)}
      {entry.to === "/alerts" ? <OpenAlertCount className="ml-auto" /> : null}
    </Link>
  );
}
