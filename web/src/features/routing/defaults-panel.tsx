import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoutingDefaults } from "../../../../src/contract/schemas/routing.ts";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useAccount } from "../account/session.ts";
import { Changeable } from "../team/changeable.tsx";
import { setsSomething } from "./defaults-entry.ts";
import { DefaultsForm } from "./defaults-form.tsx";
import { type RoutingScope, routingQuery } from "./routing-queries.ts";

/** What holds for every request: the account's own, and for the owner what holds for everybody. */
export function DefaultsPanel() {
  const { t } = useTranslation();
  const isOwner = useAccount().role === "owner";
  const [scope, setScope] = useState<RoutingScope>("own");
  const { data, error, isPending, refetch } = useQuery(routingQuery);
  if (isPending) return <LoadingRows rows={4} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="space-y-4">
      {isOwner ? (
        <Segments
          label={t("routing.scope")}
          value={scope}
          options={[
            { value: "own", label: t("routing.scopeOwn") },
            { value: "instance", label: t("routing.scopeInstance") },
          ]}
          onChoose={setScope}
        />
      ) : null}
      {scope === "own" ? <InstanceBounds instance={data.instance} /> : null}
      <Card className="grid gap-x-8 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <div>
          <h2 className="font-bold">{t(scope === "own" ? "routing.defaultsTitle" : "routing.instanceTitle")}</h2>
          <p className="mt-1 text-sm text-muted">
            {t(scope === "own" ? "routing.defaultsText" : "routing.instanceText")}
          </p>
        </div>
        <div className="min-w-0 max-w-xl">
          {scope === "own" ? (
            <Changeable by="updateRouting">
              <DefaultsForm key={scope} scope={scope} defaults={data[scope]} />
            </Changeable>
          ) : (
            <DefaultsForm key={scope} scope={scope} defaults={data[scope]} />
          )}
        </div>
      </Card>
    </div>
  );
}

/** What the owner has set, for whoever wonders why their own settings do less than they say. */
function InstanceBounds({ instance }: { instance: RoutingDefaults }) {
  const { t } = useTranslation();
  if (!setsSomething(instance)) return null;
  const { only, ignore, denyDataCollection, zeroDataRetention, sort, maxPrice } = instance;
  const bounds = [
    only === null ? null : t("routing.boundOnly", { providers: only.join(", ") }),
    ignore.length === 0 ? null : t("routing.boundIgnore", { providers: ignore.join(", ") }),
    denyDataCollection ? t("routing.boundNoTraining") : null,
    zeroDataRetention ? t("routing.boundZdr") : null,
    sort === null ? null : t("routing.boundSort", { sort: t(`routing.sort_${sort}`).toLowerCase() }),
    Object.values(maxPrice).some((amount) => amount !== null) ? t("routing.boundPrice") : null,
  ];
  return (
    <Notice tone="info" title={t("routing.instanceBounds")}>
      <ul className="mt-1 list-disc pl-5">
        {bounds.map((bound) => (bound === null ? null : <li key={bound}>{bound}</li>))}
      </ul>
    </Notice>
  );
}
