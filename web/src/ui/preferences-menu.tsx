import { Languages } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonStyle } from "./button.tsx";
import { LaterMenu, whenIdle } from "./later-menu.tsx";

const Choices = whenIdle(async () => (await import("./preference-choices.tsx")).PreferencesOnly);

/** Language and theme for visitors; who is signed in finds the same under Settings. */
export function PreferencesMenu() {
  const { t } = useTranslation();
  return (
    <LaterMenu
      opens="menu"
      menu={Choices}
      trigger={
        <button
          type="button"
          className={buttonStyle({ look: "quiet", size: "icon" })}
          aria-label={t("common.preferences")}
        >
          <Languages aria-hidden />
        </button>
      }
    />
  );
}
