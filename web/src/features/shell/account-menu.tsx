import { useTranslation } from "react-i18next";
import { LaterMenu, whenIdle } from "../../ui/later-menu.tsx";
import { useAccount } from "../account/session.ts";

const Choices = whenIdle(async () => (await import("./account-choices.tsx")).AccountChoices);

/** Who is signed in, with what belongs to the person behind it. */
export function AccountMenu({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <LaterMenu
      opens="menu"
      menu={Choices}
      trigger={
        <button type="button" className="flex w-full items-center gap-3 rounded-lg p-1.5 text-left hover:bg-sunken">
          <span
            aria-hidden
            className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-brand text-sm font-bold text-on-brand"
          >
            {initialsOf(account.name)}
          </span>
          {isCompact ? (
            <span className="sr-only">{t("shell.accountMenu", { name: account.name })}</span>
          ) : (
            <span className="min-w-0">
              <span className="block truncate text-sm font-semibold">{account.name}</span>
              <span className="block truncate text-xs text-muted">{account.email}</span>
            </span>
          )}
        </button>
      }
    />
  );
}

/** "Budi Santoso" is "BS"; a single name gives one letter. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return `${first}${last}`.toUpperCase();
}
