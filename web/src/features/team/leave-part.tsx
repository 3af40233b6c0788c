import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Team } from "../../../../src/contract/schemas/teams.ts";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/section.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Permitted } from "./permitted.tsx";
import { useMembershipChange } from "./team-queries.ts";

/** The ways out of a team: leaving it, and for its owner deleting it. */
export function LeavePart({ team }: { team: Team }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<"leave" | "delete" | null>(null);
  const { id, name } = team;
  const leave = useMembershipChange(() => call("leaveTeam", { params: { id } }));
  const remove = useMembershipChange(() => call("deleteTeam"));
  const close = () => setAsked(null);
  const say = (title: string) => ({
    onSuccess: () => {
      toasts.add({ title });
      close();
    },
  });
  return (
    <Section title={t("team.danger")}>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsked("leave")}>{t("team.leave")}</Button>
        <Permitted to="deleteTeam">
          <Button look="danger" onClick={() => setAsked("delete")}>
            {t("team.delete")}
          </Button>
        </Permitted>
      </div>
      <ConfirmDialog
        isOpen={asked === "leave"}
        isDangerous
        title={t("team.leaveTitle", { name })}
        text={t("team.leaveText")}
        confirmLabel={t("team.leave")}
        isBusy={leave.isPending}
        error={leave.error}
        onConfirm={() => leave.mutate(undefined, say(t("team.left", { name })))}
        onCancel={close}
      />
      <ConfirmDialog
        isOpen={asked === "delete"}
        isDangerous
        title={t("team.deleteTitle", { name })}
        text={t("team.deleteText")}
        confirmLabel={t("team.delete")}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, say(t("team.deleted", { name })))}
        onCancel={close}
      />
    </Section>
  );
}
