import { useTranslation } from "react-i18next";
import { ABILITIES, type Ability, type Reach, RIGHTS, ROLES } from "../../../../src/contract/roles.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";

const TONES: Record<Reach, BadgeTone> = { all: "good", own: "brand", none: "plain" };

/** What the server goes by, for people: the same table that its guard reads. */
export function RolesTable() {
  const { t } = useTranslation();
  const columns: Column<AbilityRow>[] = [
    { name: "ability", label: t("team.ability"), isMain: true, cell: ({ ability }) => t(`team.ability_${ability}`) },
    ...ROLES.map((role) => ({
      name: role,
      label: t(`accounts.role_${role}`),
      cell: ({ ability }: AbilityRow) => {
        const reach = RIGHTS[ABILITIES[ability].right][role];
        return <Badge tone={TONES[reach]}>{t(`team.reach_${reach}`)}</Badge>;
      },
    })),
  ];
  return (
    <Card className="overflow-hidden p-0 sm:p-0">
      <div className="p-5 sm:p-6">
        <h2 className="text-lg font-bold">{t("team.whatRolesDo")}</h2>
        <p className="mt-1 text-sm text-muted">{t("team.whatRolesDoText")}</p>
      </div>
      <div className="max-md:px-4 max-md:pb-4">
        <DataTable label={t("team.whatRolesDo")} columns={columns} rows={ROWS} rowId={({ ability }) => ability} />
      </div>
    </Card>
  );
}

interface AbilityRow {
  ability: Ability;
}

const isAbility = (name: string): name is Ability => Object.hasOwn(ABILITIES, name);
const ROWS: readonly AbilityRow[] = Object.keys(ABILITIES)
  .filter(isAbility)
  .map((ability) => ({ ability }));
