/** The name of Gemini's thoughts in `reasoning_details`. */
export const FORMAT = "google-gemini-v1";

/** A signature that came with a picture has no call whose id it could bear. */
export function imageSignatureId(index: number): string {
  return `image_${index}`;
}
