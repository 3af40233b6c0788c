import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../../../../src/contract/schemas/account.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { failureToast } from "../../lib/error-text.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { emailProblem, textOf } from "../account/entries.ts";
import { useInstance } from "../instance/instance.ts";

const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: ({ signal }) => call("listInvitations", { signal }),
});

/** Whom the owner has invited, and a way to invite one more. */
export function Invitations() {
  return (
    <div className="space-y-5">
      <InviteForm />
      <InvitationList />
    </div>
  );
}

function InviteForm() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { mail } = useInstance();
  const queries = useQueryClient();
  const { formRef, errors, accept } = useFormErrors<"email">();
  const invite = useMutation({
    mutationFn: (email: string) => call("createInvitation", { body: { email, locale } }),
    onSuccess: async (_, email) => {
      formRef.current?.reset();
      const title =
        mail.delivery === "smtp" ? t("settings.invited", { email }) : t("settings.invitedMailbox", { email });
      toasts.add({ title });
      await queries.invalidateQueries(invitationsQuery);
    },
    onError: (error) =>
      accept(
        hasCode(error, "conflict") ? { email: t("settings.inviteTaken") } : (refusedFields(error, ["email"], t) ?? {}),
      ),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const email = textOf(new FormData(event.currentTarget), "email").trim();
    if (accept({ email: emailProblem(email, t) })) invite.mutate(email);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {errors.email === undefined ? <FormError error={invite.error} /> : null}
      <TextField name="email" type="email" label={t("account.email")} autoComplete="off" error={errors.email} />
      <Button type="submit" busy={invite.isPending}>
        {t("settings.invite")}
      </Button>
    </form>
  );
}

function InvitationList() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(invitationsQuery);
  if (isPending) return <LoadingRows rows={1} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.invitations.length === 0) return <p className="text-sm text-muted">{t("settings.noInvitations")}</p>;
  return (
    <ul className="divide-y divide-line">
      {data.invitations.map((invitation) => (
        <InvitationRow key={invitation.id} invitation={invitation} />
      ))}
    </ul>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => call("deleteInvitation", { params: { id: invitation.id } }),
    onSuccess: () => toasts.add({ title: t("settings.withdrawn") }),
    onError: (failure) => toasts.add(failureToast(failure, t)),
    onSettled: () => queries.invalidateQueries(invitationsQuery),
  });
  const { email, acceptedAt, expiresAt } = invitation;
  const state =
    acceptedAt !== null
      ? t("settings.invitationAccepted", { when: formatDateTime(acceptedAt, locale) })
      : expiresAt < Date.now()
        ? t("settings.invitationExpired", { when: formatDateTime(expiresAt, locale) })
        : t("settings.invitationOpen", { when: formatDateTime(expiresAt, locale) });
  return (
    <li className="flex items-center gap-3 py-2.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="font-semibold [overflow-wrap:anywhere]">{email}</p>
        <p className="text-muted">{state}</p>
      </div>
      {acceptedAt === null ? (
        <Button
          size="small"
          busy={withdraw.isPending}
          aria-label={t("settings.withdrawOf", { email })}
          onClick={() => withdraw.mutate()}
        >
          {t("settings.withdraw")}
        </Button>
      ) : null}
    </li>
  );
}
