import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { EFFORTS, EMPTY_SETTINGS, type SettingName, type SettingProblems, type Settings } from "./conversation.ts";

interface SettingsPanelProps {
  settings: Settings;
  problems: SettingProblems;
  /** One of the models can be told how much to think. */
  canReason: boolean;
  onChange: (change: Partial<Settings>) => void;
}

const NUMBERS = [
  ["temperature", "0 – 2"],
  ["topP", "0 – 1"],
  ["maxTokens", ""],
  ["seed", ""],
] as const;

const TOOLS_EXAMPLE = `[{
  "type": "function",
  "function": {
    "name": "get_weather",
    "parameters": {
      "type": "object",
      "properties": {"city": {"type": "string"}},
      "required": ["city"]
    }
  }
}]`;
const SCHEMA_EXAMPLE = `{
  "type": "object",
  "properties": {"answer": {"type": "string"}},
  "required": ["answer"],
  "additionalProperties": false
}`;

/** What every request of the conversation says beside the conversation. */
export function SettingsPanel({ settings, problems, canReason, onChange }: SettingsPanelProps) {
  const { t } = useTranslation();
  const field = (name: SettingName) => ({
    value: settings[name],
    error: problems[name] === undefined ? undefined : t(`playground.problem_${problems[name]}`),
    onChange: ({ target }: { target: { value: string } }) => onChange({ [name]: target.value }),
  });
  return (
    <div className="space-y-4">
      <TextArea label={t("playground.system")} rows={3} {...field("system")} />
      <div className="grid grid-cols-2 gap-3">
        {NUMBERS.map(([name, range]) => (
          <TextField
            key={name}
            label={t(`playground.setting_${name}`)}
            inputMode="decimal"
            placeholder={range || t("playground.usual")}
            {...field(name)}
          />
        ))}
      </div>
      {canReason ? (
        <SelectField
          label={t("playground.effort")}
          value={settings.effort}
          options={[
            { value: "", label: t("playground.usual") },
            ...EFFORTS.map((value) => ({ value, label: t(`playground.effort_${value}`) })),
          ]}
          onChange={({ target }) => onChange({ effort: target.value })}
        />
      ) : null}
      <TextArea label={t("playground.stopWords")} rows={2} hint={t("playground.stopHint")} {...field("stop")} />
      <TextArea label={t("playground.tools")} rows={4} placeholder={TOOLS_EXAMPLE} {...field("tools")} />
      <TextArea label={t("playground.schema")} rows={4} placeholder={SCHEMA_EXAMPLE} {...field("schema")} />
      {Object.values(settings).some((text) => text !== "") ? (
        <Button size="small" onClick={() => onChange(EMPTY_SETTINGS)}>
          {t("playground.resetSettings")}
        </Button>
      ) : null}
    </div>
  );
}
