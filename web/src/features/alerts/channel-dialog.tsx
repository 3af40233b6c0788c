import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { AlertChannel } from "../../../../src/kernel/alerts/facts.ts";
import { type FieldErrors, refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useSetChannel } from "./alert-queries.ts";

const FIELDS = ["url", "token", "chat"] as const;
type Field = (typeof FIELDS)[number];

/** Sets up a channel. The secret of a webhook is shown this once, by the same dialog. */
export function ChannelDialog({ channel, onClose }: { channel: AlertChannel; onClose: () => void }) {
  const { t } = useTranslation();
  const set = useSetChannel();
  const { formRef, errors, accept } = useFormErrors<Field>();
  const refused = refusedFields<Field>(set.error, FIELDS, t);
  const secret = set.data?.secret ?? null;
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} />;
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const entry = (name: Field) => String(form.get(name) ?? "").trim();
    const problems: FieldErrors<Field> = {};
    for (const name of channel === "telegram" ? (["token", "chat"] as const) : (["url"] as const)) {
      if (entry(name) === "") problems[name] = t("account.checkField");
    }
    if (!accept(problems)) return;
    const body: BodyOf<"setAlertChannel"> =
      channel === "telegram" ? { channel, token: entry("token"), chat: entry("chat") } : { channel, url: entry("url") };
    const onSuccess = ({ secret: made }: { secret: string | null }) => {
      toasts.add({ title: t("alerts.saved") });
      if (made === null) onClose();
    };
    set.mutate(body, { onSuccess });
  }
  const errorOf = (name: Field) => errors[name] ?? refused?.[name];
  return (
    <Dialog isOpen onClose={onClose} title={t("alerts.setUp", { channel: t(`alerts.channel_${channel}`) })}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={set.error} /> : null}
        {channel === "telegram" ? (
          <>
            <PasswordField
              name="token"
              label={t("alerts.token")}
              hint={t("alerts.tokenHint")}
              error={errorOf("token")}
              autoComplete="off"
            />
            <TextField
              name="chat"
              label={t("alerts.chat")}
              hint={t("alerts.chatHint")}
              error={errorOf("chat")}
              autoComplete="off"
            />
          </>
        ) : (
          <TextField
            name="url"
            type="url"
            label={t("alerts.url")}
            hint={t(`alerts.urlHint_${channel}`)}
            error={errorOf("url")}
            autoComplete="off"
          />
        )}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={set.isPending}>
            {t("alerts.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      closesOnOutsideClick={false}
      title={t("alerts.secretTitle")}
      description={t("alerts.secretText")}
    >
      <CodeBlock copyLabel={t("common.copy")} code={secret} />
      <div className="mt-5 flex justify-end">
        <Button look="primary" onClick={onClose}>
          {t("alerts.secretDone")}
        </Button>
      </div>
    </Dialog>
  );
}
