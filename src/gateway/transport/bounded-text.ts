/** Reads an answer as text, up to a bound, whatever the sender says about its length. */
import { type Answer, type HeaderFields, WholeAnswer } from "./answer.ts";

export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
}

/**
 * A promise only where more is to come. Throws (or rejects with) AnswerTooLong beyond `maxBytes`, and rejects with the
 * connection's error when it breaks.
 */
export function boundedText(answer: Answer, maxBytes: number): string | Promise<string> {
  const announced = answer.headers.get("content-length");
  if (announced !== null && !(Number(announced) <= maxBytes)) throw tooLong(maxBytes);
  if (answer instanceof WholeAnswer) {
    if (answer.bytes.length > maxBytes) throw tooLong(maxBytes);
    return answer.wholeText;
  }
  if (announced !== null && isAsLongAsAnnounced(answer.headers)) return answer.text();
  return piecesOf(answer, maxBytes);
}

async function piecesOf(answer: Answer, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/**
 * A compressed answer announces what it is before it grows (nobody asked for one, which hinders no provider from sending
 * it), and a chunked one may announce anything.
 */
function isAsLongAsAnnounced(headers: HeaderFields): boolean {
  return !headers.has("content-encoding") && !headers.has("transfer-encoding");
}

function tooLong(maxBytes: number): AnswerTooLong {
  return new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`);
}
