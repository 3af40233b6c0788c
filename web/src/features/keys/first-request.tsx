import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { firstRequestQuery } from "./key-queries.ts";

/** Waits for the key to be used for the first time, and turns green when it has been. */
export function FirstRequest({ keyId }: { keyId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery(firstRequestQuery(keyId));
  const hasArrived = (data?.requests ?? 0) > 0;
  useEffect(() => {
    if (!hasArrived) return;
    void queries.invalidateQueries({ queryKey: ["keys", "list"] });
    void queries.invalidateQueries({ queryKey: ["overview"] });
    void queries.invalidateQueries({ queryKey: ["activity"] });
  }, [hasArrived, queries]);
  return (
    <div role="status" data-state={hasArrived ? "arrived" : "waiting"}>
      {hasArrived ? (
        <div className="flex items-start gap-3 rounded-lg bg-good-soft p-3.5 text-sm">
          <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-good" />
          <div>
            <p className="font-semibold text-good">{t("keys.arrived")}</p>
            <Link to="/activity" search={{ key: keyId }} className="text-link">
              {t("keys.seeActivity")}
            </Link>
          </div>
        </div>
      ) : (
        <div className="flex items-start gap-3 rounded-lg bg-sunken p-3.5 text-sm">
          <span aria-hidden className="waiting mt-1.5 size-2.5 shrink-0 rounded-full bg-warn" />
          <div>
            <p className="font-semibold">{t("keys.waiting")}</p>
            <p className="text-muted">{t("keys.waitingHint")}</p>
          </div>
        </div>
      )}
    </div>
  );
}
