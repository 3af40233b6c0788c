import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useId } from "react";
import { TextField } from "../../ui/text-field.tsx";
import { modelsQuery } from "../models/models-query.ts";

/** A field for a model's name, with those that can be called on offer while one types. */
export function ModelField(props: ComponentProps<typeof TextField>) {
  const listId = useId();
  const models = useQuery(modelsQuery).data?.models ?? [];
  return (
    <>
      <TextField {...props} list={listId} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      <datalist id={listId}>
        {models.map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </>
  );
}
