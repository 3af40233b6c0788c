import type { TFunction } from "i18next";

/** What models take and give, as the catalogue names it. */
const KNOWN = {
  text: "models.modality_text",
  image: "models.modality_image",
  file: "models.modality_file",
  audio: "models.modality_audio",
  video: "models.modality_video",
  embeddings: "models.modality_embeddings",
  rerank: "models.modality_rerank",
  speech: "models.modality_speech",
  transcription: "models.modality_transcription",
} as const;

const isKnown = (modality: string): modality is keyof typeof KNOWN => Object.hasOwn(KNOWN, modality);

/** In the reader's language; a name that a provider made up stays as it is. */
export function modalityText(modality: string, t: TFunction): string {
  return isKnown(modality) ? t(KNOWN[modality]) : modality;
}
