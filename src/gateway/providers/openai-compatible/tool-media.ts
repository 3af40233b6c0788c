/**
 * Pictures and files among the results of tools, as coding agents send them after reading one. Chat servers take text
 * alone there ("Image URLs are only allowed for messages with role 'user'"), so they are shown by the user right after
 * the results, which say so.
 */
import type { ContentPart, Message, TextPart } from "../../canonical/request.ts";

export function withMediaShownByUser(messages: readonly Message[]): Message[] {
  const written: Message[] = [];
  let media: ContentPart[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      const shown = message.parts.filter((part) => part.kind !== "text");
      if (shown.length === 0) {
        written.push(message);
        continue;
      }
      media.push(text(`From the result of the tool call ${message.toolCallId}:`), ...shown);
      const words = message.parts.filter((part) => part.kind === "text");
      written.push({ ...message, parts: [...words, text("(Attached to the next message of the user.)")] });
      continue;
    }
    // Many models' templates take no two messages of the user in a row.
    const joins = message.role === "user";
    if (media.length > 0) {
      written.push({ role: "user", name: null, parts: joins ? [...media, ...message.parts] : media });
      media = [];
      if (joins) continue;
    }
    written.push(message);
  }
  if (media.length > 0) written.push({ role: "user", name: null, parts: media });
  return written;
}

function text(words: string): TextPart {
  return { kind: "text", text: words, cache: null };
}
