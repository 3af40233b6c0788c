/** Reads an answer as text, up to a bound, whether or not the sender says how long it is. */

export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
}

/** Rejects with AnswerTooLong beyond `maxBytes`, and with the connection's error when it breaks. */
export async function boundedText(answer: Response, maxBytes: number): Promise<string> {
  const announced = answer.headers.get("content-length");
  if (announced !== null) {
    if (!(Number(announced) <= maxBytes)) throw new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`);
    return answer.text();
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
