import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { Check, type LucideIcon, RotateCcwKey, Snowflake, TrendingDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { AlertDetails } from "../../../../src/contract/schemas/alerts.ts";
import type { AlertAnswer } from "../../../../src/kernel/alerts/facts.ts";
import { call } from "../../lib/api.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { RotateKeyDialog } from "../keys/rotate-key-dialog.tsx";
import { useAnswerAlert } from "./alert-queries.ts";
import { isOfOthers } from "./alert-words.ts";
import { LimitDialog } from "./limit-dialog.tsx";

const ICONS: Record<AlertAnswer, LucideIcon> = {
  me: Check,
  freeze: Snowflake,
  rotate: RotateCcwKey,
  limit: TrendingDown,
};

/** The four answers; of what concerns the account, two. */
export function AlertAnswers({ details }: { details: AlertDetails }) {
  const { t } = useTranslation();
  const { alert } = details;
  const answer = useAnswerAlert(alert.id);
  const [dialog, setDialog] = useState<"rotate" | "limit" | null>(null);
  const { key, facts } = alert;
  const isNoted = isOfOthers(facts);
  const done = (given: AlertAnswer) => t(given === "me" && isNoted ? "alerts.done_noted" : `alerts.done_${given}`);
  const send = (body: BodyOf<"answerAlert">) =>
    answer.mutate(body, { onSuccess: () => void toasts.add({ title: done(body.answer) }) });
  return (
    <section aria-label={t("alerts.answers")} className="space-y-3">
      <FormError error={dialog === null ? answer.error : null} />
      <ul className="space-y-3">
        <Choice
          answer="me"
          label={isNoted ? t("alerts.answer_noted") : undefined}
          hint={hintOfMe(alert, t)}
          isBusy={answer.isPending}
          onChoose={() => send({ answer: "me" })}
        />
        {key && !key.isDisabled ? (
          <Choice
            answer="freeze"
            look="danger"
            hint={t("alerts.freezeHint")}
            isBusy={answer.isPending}
            onChoose={() => send({ answer: "freeze" })}
          />
        ) : null}
        {key ? (
          <>
            <Choice answer="rotate" hint={t("alerts.rotateHint")} onChoose={() => setDialog("rotate")} />
            <Choice answer="limit" hint={t("alerts.limitHint")} onChoose={() => setDialog("limit")} />
          </>
        ) : facts.kind === "limits_changed" ? null : (
          <li>
            <Link to="/account" className={buttonStyle({ look: "danger" })}>
              {t("alerts.notMe")}
            </Link>
          </li>
        )}
      </ul>
      {dialog === "rotate" && key ? (
        <RotateFromAlert
          keyId={key.id}
          onDone={(hasRotated) => {
            setDialog(null);
            if (hasRotated) send({ answer: "rotate" });
          }}
        />
      ) : null}
      {dialog === "limit" && key ? (
        <LimitDialog
          name={key.name}
          suggestedUsd={details.suggestedDailyUsd}
          answer={answer}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </section>
  );
}

function hintOfMe({ key, facts }: AlertDetails["alert"], t: TFunction): string {
  if (isOfOthers(facts)) return t("alerts.notedHint");
  return key ? t("alerts.meHint") : "";
}

interface ChoiceProps {
  answer: AlertAnswer;
  /** In place of the usual one. */
  label?: string | undefined;
  hint: string;
  look?: "danger";
  isBusy?: boolean;
  onChoose: () => void;
}

function Choice({ answer, label, hint, look, isBusy = false, onChoose }: ChoiceProps) {
  const { t } = useTranslation();
  const Icon = ICONS[answer];
  return (
    <li className="flex flex-col gap-x-4 gap-y-1 sm:flex-row sm:items-center">
      <Button look={look ?? "secondary"} busy={isBusy} onClick={onChoose} className="sm:w-44">
        <Icon aria-hidden />
        {label ?? t(`alerts.answer_${answer}`)}
      </Button>
      <span className="text-sm text-muted">{hint}</span>
    </li>
  );
}

/** The same dialog as on the keys page. Whether anything was rotated shows in the key's masked text. */
function RotateFromAlert({ keyId, onDone }: { keyId: string; onDone: (hasRotated: boolean) => void }) {
  const queries = useQueryClient();
  const query = {
    queryKey: ["keys", "one", keyId],
    queryFn: () => call("getKey", { params: { id: keyId } }),
    staleTime: Number.POSITIVE_INFINITY,
  };
  const { data } = useQuery(query);
  const [before, setBefore] = useState<string>();
  if (data && before === undefined) setBefore(data.label);
  if (!data) return null;
  const close = async () => {
    const now = await queries.fetchQuery({ ...query, staleTime: 0 });
    onDone(now.label !== before);
  };
  return <RotateKeyDialog apiKey={data} onClose={() => void close()} />;
}
