import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { NoticeSettingsFields } from "../budgets/notice-settings.tsx";
import { useReach } from "../team/accounts.ts";

/** What one is told of, and where: limits here, alerts where their channels are. As far as one's role in the account goes. */
export function Notifications() {
  const { t } = useTranslation();
  const changesNotices = useReach("updateNoticeSettings") !== "none";
  const seesChannels = useReach("getAlertSettings") !== "none";
  return (
    <div className="space-y-3 text-sm">
      {changesNotices ? (
        <>
          <h3 className="font-semibold">{t("settings.noticesOfLimits")}</h3>
          <NoticeSettingsFields />
        </>
      ) : null}
      <p>
        <Link to="/alerts" search={seesChannels ? { tab: "sending" } : {}} className="text-link font-semibold">
          {t(seesChannels ? "settings.toAlertChannels" : "settings.toAlerts")}
        </Link>
      </p>
    </div>
  );
}
