import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ResponseOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { AuthPage } from "../account/auth-page.tsx";
import { accountQuery, useIsSignedIn } from "../account/session.ts";
import { useInvitationText } from "./received-invitations.tsx";
import { useMembershipChange } from "./team-queries.ts";

const route = getRouteApi("/join");

/** Where the link of an invitation leads. Opening it changes nothing: mail scanners open links, too. */
export function JoinPage(): ReactNode {
  const { t } = useTranslation();
  const { token } = route.useSearch();
  const isSignedIn = useIsSignedIn();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["instance", "invitation", token],
    queryFn: ({ signal }) => call("showTeamInvitation", { body: { token: token ?? "" }, signal }),
    enabled: token !== undefined,
    retry: false,
  });
  if (token === undefined) {
    return (
      <AuthPage title={t("account.linkBrokenTitle")} lead={t("account.linkBrokenText")}>
        <Link to="/" className={buttonStyle()}>
          {t("common.notFoundHome")}
        </Link>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("team.joinTitle")}>
      {isPending ? <LoadingRows rows={2} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Invitation invitation={data} token={token} isSignedIn={isSignedIn} /> : null}
    </AuthPage>
  );
}

interface InvitationProps {
  invitation: ResponseOf<"showTeamInvitation">;
  token: string;
  isSignedIn: boolean;
}

function Invitation({ invitation, token, isSignedIn }: InvitationProps) {
  const { t } = useTranslation();
  const { email } = invitation;
  const next = `/join?token=${encodeURIComponent(token)}`;
  return (
    <>
      <p>{useInvitationText(invitation)}</p>
      {isSignedIn ? (
        <Accept invitation={invitation} token={token} />
      ) : (
        <>
          <p className="text-sm text-muted [overflow-wrap:anywhere]">{t("team.joinFor", { email })}</p>
          <div className="flex flex-wrap gap-2">
            <Link to="/login" search={{ email, next }} className={buttonStyle({ look: "primary" })}>
              {t("team.joinLogin")}
            </Link>
            <Link to="/sign-up" search={{ invitation: token, email }} className={buttonStyle()}>
              {t("team.joinSignUp")}
            </Link>
          </div>
        </>
      )}
    </>
  );
}

function Accept({ invitation: { id, teamName: team, email }, token }: Omit<InvitationProps, "isSignedIn">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: account } = useQuery(accountQuery);
  const accept = useMembershipChange(() => call("joinTeam", { body: { token } }));
  const decline = useMembershipChange(() => call("declineTeamInvitation", { params: { id } }));
  const leave = (title: string) => ({
    onSuccess: () => {
      toasts.add({ title });
      void navigate({ to: "/team" });
    },
  });
  if (account && account.email !== email)
    return <p className="text-sm [overflow-wrap:anywhere]">{t("team.joinOther", { email: account.email })}</p>;
  return (
    <>
      <FormError error={accept.error ?? decline.error} />
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={accept.isPending}
          onClick={() => accept.mutate(undefined, leave(t("accounts.accepted", { team })))}
        >
          {t("accounts.accept")}
        </Button>
        <Button busy={decline.isPending} onClick={() => decline.mutate(undefined, leave(t("accounts.declined")))}>
          {t("accounts.decline")}
        </Button>
      </div>
    </>
  );
}
