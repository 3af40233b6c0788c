/** One line of `gapura doctor`. `fix` says what to do, and is empty exactly when the state is ok. */
export interface Finding {
  area: string;
  state: "ok" | "warn" | "fail";
  text: string;
  fix: string;
}

export function ok(area: string, text: string): Finding {
  return { area, state: "ok", text, fix: "" };
}

export function warn(area: string, text: string, fix: string): Finding {
  return { area, state: "warn", text, fix };
}

export function fail(area: string, text: string, fix: string): Finding {
  return { area, state: "fail", text, fix };
}
