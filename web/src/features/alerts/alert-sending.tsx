import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AlertSettingsView } from "../../../../src/contract/schemas/alerts.ts";
import { ALERT_CHANNELS, ALERT_KINDS } from "../../../../src/kernel/alerts/facts.ts";
import { failureToast } from "../../lib/error-text.ts";
import { Card } from "../../ui/card.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Changeable } from "../team/changeable.tsx";
import { alertSettingsQuery, useChangeAlertSettings } from "./alert-queries.ts";
import { ChannelRow } from "./channel-row.tsx";

/** Where alerts go beside this page, which of them, and whether a key may be frozen by itself. */
export function AlertSending() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(alertSettingsQuery);
  if (isPending) return <LoadingRows rows={4} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="space-y-6">
      <p className="max-w-2xl text-muted text-pretty">{t("alerts.sendingText")}</p>
      <Card>
        <h2 className="font-bold">{t("alerts.channels")}</h2>
        <ul className="mt-2 divide-y divide-line">
          {ALERT_CHANNELS.map((channel) => (
            <li key={channel} className="py-4 last:pb-0">
              <ChannelRow channel={channel} state={data.channels.find((known) => known.channel === channel)} />
            </li>
          ))}
        </ul>
      </Card>
      <Changeable by="updateAlertSettings">
        <Switches settings={data} />
      </Changeable>
    </div>
  );
}

function Switches({ settings }: { settings: AlertSettingsView }) {
  const { t } = useTranslation();
  const change = useChangeAlertSettings();
  const pending = change.isPending ? change.variables : {};
  const { mail = settings.mail, autoFreeze = settings.autoFreeze, muted = settings.muted } = pending;
  const onError = (failure: unknown) => void toasts.add(failureToast(failure, t));
  const set = (changes: Parameters<typeof change.mutate>[0]) => change.mutate(changes, { onError });
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Card className="space-y-3">
        <h2 className="font-bold">{t("alerts.kinds")}</h2>
        <p className="text-sm text-muted">{t("alerts.kindsText")}</p>
        {ALERT_KINDS.map((kind) => (
          <CheckField
            key={kind}
            label={t(`alerts.kind_${kind}`)}
            checked={!muted.includes(kind)}
            onChange={({ target }) => {
              const others = muted.filter((other) => other !== kind);
              set({ muted: target.checked ? others : [...others, kind] });
            }}
          />
        ))}
      </Card>
      <div className="space-y-6">
        <Card>
          <CheckField
            label={<span className="font-bold">{t("alerts.byMail")}</span>}
            checked={mail}
            onChange={({ target }) => set({ mail: target.checked })}
          />
          <p className="pl-6.5 text-sm text-muted">{t("alerts.testMail")}</p>
        </Card>
        <Card>
          <CheckField
            label={<span className="font-bold">{t("alerts.autoFreeze")}</span>}
            checked={autoFreeze}
            onChange={({ target }) => set({ autoFreeze: target.checked })}
          />
          <p className="pl-6.5 text-sm text-muted">{t("alerts.autoFreezeHint")}</p>
        </Card>
      </div>
    </div>
  );
}
