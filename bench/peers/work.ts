/** What the candidates of `peers` are asked for, in fields that every gateway knows. */
import { FAKE_ANSWER } from "../support/fake-upstream.ts";

export interface Work {
  /** Behind the candidate's name in a figure. */
  suffix: string;
  title: string;
  body(model: string): string;
  expected: string;
}

export const WORKS: readonly Work[] = [
  { suffix: "", title: "1 KB requests", body: (model) => chatBody(model, 1_024), expected: FAKE_ANSWER },
  { suffix: "_20k", title: "20 KB requests", body: (model) => chatBody(model, 20_480), expected: FAKE_ANSWER },
  {
    suffix: "_stream",
    title: "Streams",
    body: (model) => chatBody(model, 1_024, { stream: true }),
    expected: "[DONE]",
  },
];

/** A chat request of about `bytes` bytes, of fields that every gateway knows. */
export function chatBody(model: string, bytes: number, more: { stream?: true; says?: string } = {}): string {
  const { says = "", ...fields } = more;
  const written = (text: string) =>
    JSON.stringify({ model, messages: [{ role: "user", content: says + text }], temperature: 0.7, ...fields });
  return written("Halo, apa kabar? ".repeat(Math.ceil(bytes / 17)).slice(0, bytes - written("").length));
}
