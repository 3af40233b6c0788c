import { useTranslation } from "react-i18next";
import type { ReceivedTeamInvitation } from "../../../../src/contract/schemas/teams.ts";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useMyAccounts } from "./accounts.ts";
import { useFailureToast, useMembershipChange } from "./team-queries.ts";

/** Teams that invite the person who is signed in. Nothing where there are none. */
export function ReceivedInvitations({ className }: { className?: string }) {
  const { invitations } = useMyAccounts();
  if (invitations.length === 0) return null;
  return (
    <ul className={className}>
      {invitations.map((invitation) => (
        <li key={invitation.id} className="mb-3 last:mb-0">
          <ReceivedInvitation invitation={invitation} />
        </li>
      ))}
    </ul>
  );
}

function ReceivedInvitation({ invitation }: { invitation: ReceivedTeamInvitation }) {
  const { t } = useTranslation();
  const onError = useFailureToast();
  const { id, teamName: team } = invitation;
  const accept = useMembershipChange(() => call("joinTeam", { body: { id } }));
  const decline = useMembershipChange(() => call("declineTeamInvitation", { params: { id } }));
  const say = (title: string) => ({ onSuccess: () => void toasts.add({ title }), onError });
  return (
    <Notice tone="info" title={t("accounts.received")}>
      <p>{useInvitationText(invitation)}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          look="primary"
          size="small"
          busy={accept.isPending}
          onClick={() => accept.mutate(undefined, say(t("accounts.accepted", { team })))}
        >
          {t("accounts.accept")}
        </Button>
        <Button
          size="small"
          busy={decline.isPending}
          onClick={() => decline.mutate(undefined, say(t("accounts.declined")))}
        >
          {t("accounts.decline")}
        </Button>
      </div>
    </Notice>
  );
}

/** Who invites to what, in one sentence. */
export function useInvitationText({ invitedBy, teamName, role }: ReceivedTeamInvitation): string {
  const { t } = useTranslation();
  const words = { team: teamName, role: t(`accounts.role_${role}`) };
  return invitedBy === null
    ? t("accounts.receivedBySomebody", words)
    : t("accounts.receivedText", { ...words, inviter: invitedBy });
}
