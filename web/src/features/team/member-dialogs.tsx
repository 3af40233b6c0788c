import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { mayGiveRole, ROLES, type Role } from "../../../../src/contract/roles.ts";
import type { Team, TeamMemberRow } from "../../../../src/contract/schemas/teams.ts";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { FormError } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import type { MemberAction } from "./members-table.tsx";
import { useMembershipChange, useTeamChange } from "./team-queries.ts";

interface MemberDialogProps {
  team: Team;
  member: TeamMemberRow;
  onClose: () => void;
}

/** The dialog for what was chosen in a member's menu. */
export function MemberDialog({ action, ...props }: MemberDialogProps & { action: MemberAction }) {
  switch (action) {
    case "role":
      return <RoleDialog {...props} />;
    case "remove":
      return <RemoveDialog {...props} />;
    case "handOver":
      return <HandOverDialog {...props} />;
  }
}

/** The roles that somebody may give. */
export function rolesToGive(giver: Role): Role[] {
  return ROLES.filter((role) => mayGiveRole(giver, role));
}

export function roleIn(form: FormData): Role | undefined {
  return ROLES.find((role) => role === textOf(form, "role"));
}

function RoleDialog({ team, member, onClose }: MemberDialogProps) {
  const { t } = useTranslation();
  const { id, name } = member;
  const giveRole = (role: Role) => call("changeMemberRole", { params: { id }, body: { role } });
  const others = useTeamChange(giveRole);
  // One's own role decides what the pages show.
  const own = useMembershipChange(giveRole);
  const change = member.isYou ? own : others;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const role = roleIn(new FormData(event.currentTarget));
    if (role === undefined) return;
    change.mutate(role, {
      onSuccess: () => {
        toasts.add({ title: t("team.roleChanged", { name }) });
        onClose();
      },
    });
  }

  return (
    <Dialog isOpen onClose={onClose} title={t("team.changeRoleTitle", { name })}>
      <form onSubmit={submit} className="space-y-4">
        <FormError error={change.error} />
        <SelectField
          name="role"
          label={t("team.role")}
          defaultValue={member.role}
          options={rolesToGive(team.role).map((value) => ({ value, label: t(`accounts.role_${value}`) }))}
        />
        <Button type="submit" look="primary" busy={change.isPending}>
          {t("common.save")}
        </Button>
      </form>
    </Dialog>
  );
}

function RemoveDialog({ member: { id, name }, onClose }: MemberDialogProps) {
  const { t } = useTranslation();
  const [disables, setDisables] = useState(false);
  const remove = useTeamChange((disableKeys: "true" | "false") =>
    call("removeMember", { params: { id }, query: { disableKeys } }),
  );
  const onSuccess = () => {
    toasts.add({ title: t("team.removed", { name }) });
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("team.removeTitle", { name })} description={t("team.removeText")}>
      <FormError error={remove.error} />
      <CheckField
        label={t("team.removeKeys")}
        checked={disables}
        onChange={({ target }) => setDisables(target.checked)}
      />
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          look="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate(disables ? "true" : "false", { onSuccess })}
        >
          {t("team.remove")}
        </Button>
      </div>
    </Dialog>
  );
}

function HandOverDialog({ member: { id, name }, onClose }: MemberDialogProps) {
  const { t } = useTranslation();
  const transfer = useMembershipChange((userId: string) => call("transferTeam", { body: { userId } }));
  const onSuccess = () => {
    toasts.add({ title: t("team.handedOver", { name }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous
      title={t("team.handOverTitle", { name })}
      text={t("team.handOverText")}
      confirmLabel={t("team.handOver")}
      isBusy={transfer.isPending}
      error={transfer.error}
      onConfirm={() => transfer.mutate(id, { onSuccess })}
      onCancel={onClose}
    />
  );
}
