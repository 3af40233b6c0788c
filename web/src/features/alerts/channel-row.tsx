import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AlertSettingsView } from "../../../../src/contract/schemas/alerts.ts";
import type { AlertChannel } from "../../../../src/kernel/alerts/facts.ts";
import { useLocale } from "../../i18n/language.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Permitted } from "../team/permitted.tsx";
import { useRemoveChannel, useTestChannel } from "./alert-queries.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { channelFailureText } from "./channel-failure-text.ts";

type ChannelState = AlertSettingsView["channels"][number];

interface ChannelRowProps {
  channel: AlertChannel;
  /** Undefined where it is not set up. */
  state: ChannelState | undefined;
}

export function ChannelRow({ channel, state }: ChannelRowProps) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<"set" | "remove" | null>(null);
  const name = t(`alerts.channel_${channel}`);
  const close = () => setDialog(null);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="font-semibold">{name}</h3>
        {state ? (
          <StateText state={state} />
        ) : (
          <p className="text-sm text-muted">{t(`alerts.channelText_${channel}`)}</p>
        )}
      </div>
      <Permitted to="setAlertChannel">
        <div className="flex flex-wrap gap-2">
          {state ? <TestButton channel={channel} /> : null}
          <Button
            size="small"
            onClick={() => setDialog("set")}
            aria-label={`${t(state ? "alerts.change" : "alerts.connect")}: ${name}`}
          >
            {t(state ? "alerts.change" : "alerts.connect")}
          </Button>
          {state ? (
            <Button
              size="small"
              look="quiet"
              onClick={() => setDialog("remove")}
              aria-label={`${t("alerts.remove")}: ${name}`}
            >
              {t("alerts.remove")}
            </Button>
          ) : null}
        </div>
      </Permitted>
      {dialog === "set" ? <ChannelDialog channel={channel} onClose={close} /> : null}
      {dialog === "remove" ? <RemoveDialog channel={channel} onClose={close} /> : null}
    </div>
  );
}

function StateText({ state }: { state: ChannelState }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { shown, deliveredAt, failedAt, lastError } = state;
  const hasFailed = failedAt !== null && lastError !== null;
  return (
    <p className="text-sm text-muted [overflow-wrap:anywhere]">
      {t("alerts.leadsTo", { shown })}
      <span className={hasFailed ? "block font-medium text-bad" : "block"}>
        {hasFailed
          ? t("alerts.failedAt", { when: formatDateTime(failedAt, locale), reason: channelFailureText(lastError, t) })
          : deliveredAt === null
            ? t("alerts.neverDelivered")
            : t("alerts.deliveredAt", { when: formatDateTime(deliveredAt, locale) })}
      </span>
    </p>
  );
}

function TestButton({ channel }: { channel: AlertChannel }) {
  const { t } = useTranslation();
  const test = useTestChannel();
  const bad = (title: string) => void toasts.add({ title, type: "bad" });
  return (
    <Button
      size="small"
      busy={test.isPending}
      aria-label={`${t("alerts.test")}: ${t(`alerts.channel_${channel}`)}`}
      onClick={() =>
        test.mutate(channel, {
          onSuccess: ({ ok, reason }) =>
            ok
              ? void toasts.add({ title: t("alerts.tested") })
              : bad(t("alerts.testFailed", { reason: channelFailureText(reason ?? "", t) })),
          onError: (error) => toasts.add(failureToast(error, t)),
        })
      }
    >
      {t("alerts.test")}
    </Button>
  );
}

function RemoveDialog({ channel, onClose }: { channel: AlertChannel; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useRemoveChannel();
  const onSuccess = () => {
    toasts.add({ title: t("alerts.removed") });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      title={t("alerts.removeTitle", { channel: t(`alerts.channel_${channel}`) })}
      text={t("alerts.removeText")}
      confirmLabel={t("alerts.remove")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(channel, { onSuccess })}
      onCancel={onClose}
    />
  );
}
