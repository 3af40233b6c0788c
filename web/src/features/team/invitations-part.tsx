import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Role } from "../../../../src/contract/roles.ts";
import type { Team, TeamInvitationRow } from "../../../../src/contract/schemas/teams.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { formatAgo, formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { emailProblem, textOf } from "../account/entries.ts";
import { roleIn, rolesToGive } from "./member-dialogs.tsx";
import { Permitted } from "./permitted.tsx";
import { teamInvitationsQuery, useFailureToast, useTeamChange } from "./team-queries.ts";

/** Whom the team has invited, and a way to invite one more. For who manages members. */
export function InvitationsPart({ team }: { team: Team }) {
  const { t } = useTranslation();
  const [isInviting, setInviting] = useState(false);
  const { data, error, isPending, refetch } = useQuery(teamInvitationsQuery);
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("team.invitations")}</h2>
        <Permitted to="inviteToTeam">
          <Button look="primary" onClick={() => setInviting(true)}>
            <UserPlus aria-hidden />
            {t("team.invite")}
          </Button>
        </Permitted>
      </div>
      {isPending ? <LoadingRows rows={1} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.invitations.length === 0 ? <p className="text-muted">{t("team.noInvitations")}</p> : null}
      <ul className="divide-y divide-line">
        {data?.invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      {isInviting ? <InviteDialog team={team} onClose={() => setInviting(false)} /> : null}
    </Card>
  );
}

function InvitationRow({ invitation: { id, email, role, sentAt, expiresAt } }: { invitation: TeamInvitationRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const onError = useFailureToast();
  const params = { id };
  const resend = useTeamChange(() => call("resendTeamInvitation", { params }));
  const withdraw = useTeamChange(() => call("withdrawTeamInvitation", { params }));
  const when = formatAgo(sentAt, Date.now(), locale);
  const hasEnded = expiresAt <= Date.now();
  const say = (title: string) => ({ onSuccess: () => void toasts.add({ title }), onError });
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-0 flex-1 basis-56 text-sm">
        <p className="font-semibold [overflow-wrap:anywhere]">{email}</p>
        <p className="text-muted">
          {t("team.invitedAs", { role: t(`accounts.role_${role}`), when })} ·{" "}
          {hasEnded ? t("team.hasEnded") : t("team.endsOn", { when: formatDateTime(expiresAt, locale) })}
        </p>
      </div>
      <Button
        size="small"
        busy={resend.isPending}
        aria-label={t("team.resendTo", { email })}
        onClick={() => resend.mutate(undefined, say(t("team.resent", { email })))}
      >
        {t("team.resend")}
      </Button>
      <Button
        size="small"
        busy={withdraw.isPending}
        aria-label={t("team.withdrawOf", { email })}
        onClick={() => withdraw.mutate(undefined, say(t("team.withdrawn", { email })))}
      >
        {t("team.withdraw")}
      </Button>
    </li>
  );
}

const FIELDS = ["email"] as const;

function InviteDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { formRef, errors, accept } = useFormErrors<"email">();
  const invite = useTeamChange(({ email, role }: { email: string; role: Role }) =>
    call("inviteToTeam", { body: { email, role, locale } }),
  );
  const refused = refusedFields(invite.error, FIELDS, t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = textOf(form, "email").trim();
    const role = roleIn(form) ?? "member";
    if (!accept({ email: emailProblem(email, t) })) return;
    invite.mutate(
      { email, role },
      {
        onSuccess: () => {
          toasts.add({ title: t("team.invited", { email }) });
          onClose();
        },
      },
    );
  }

  return (
    <Dialog isOpen onClose={onClose} title={t("team.inviteTitle")} description={t("team.inviteText")}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
        {refused === null ? <FormError error={invite.error} /> : null}
        <TextField
          name="email"
          type="email"
          label={t("account.email")}
          autoComplete="off"
          maxLength={254}
          error={errors.email ?? refused?.email}
        />
        <SelectField
          name="role"
          label={t("team.role")}
          defaultValue="member"
          options={rolesToGive(team.role).map((value) => ({ value, label: t(`accounts.role_${value}`) }))}
        />
        <Button type="submit" look="primary" busy={invite.isPending}>
          {t("team.invite")}
        </Button>
      </form>
    </Dialog>
  );
}
