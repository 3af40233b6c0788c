import { ChevronsUpDown, User, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LaterMenu, whenIdle } from "../../ui/later-menu.tsx";
import { useAccountName, useActiveAccount, useMyAccounts } from "./accounts.ts";

const Choices = whenIdle(async () => (await import("./switcher-choices.tsx")).SwitcherChoices);

/** In which account one works. Not there for who has only their own. */
export function AccountSwitcher() {
  const { t } = useTranslation();
  const { accounts } = useMyAccounts();
  const active = useActiveAccount();
  const name = useAccountName()(active);
  if (accounts.length < 2) return null;
  const Icon = active.kind === "person" ? User : Users;
  return (
    <LaterMenu
      opens="menu"
      menu={Choices}
      trigger={
        <button
          type="button"
          aria-label={t("accounts.switcher", { name })}
          className="flex min-h-11 w-full items-center gap-2.5 rounded-lg border border-line px-3 text-left text-sm font-semibold hover:bg-sunken"
        >
          <Icon aria-hidden className="size-4.5 shrink-0" />
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    />
  );
}
