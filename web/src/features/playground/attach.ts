import type { Attachment } from "./conversation.ts";

export const MOST_ATTACHMENTS = 6;
/** Each grows by a third on its way, and the server takes ten megabytes for the whole request unless it is told else. */
export const MOST_ATTACHED_BYTES = 5_000_000;

/** Reads files that were chosen, as far as they fit together. Null when they do not. */
export async function attached(files: readonly File[], before: readonly Attachment[]): Promise<Attachment[] | null> {
  const inside = before.reduce((sum, { dataUrl }) => sum + dataUrl.length * 0.75, 0);
  const size = files.reduce((sum, file) => sum + file.size, inside);
  if (before.length + files.length > MOST_ATTACHMENTS || size > MOST_ATTACHED_BYTES) return null;
  return Promise.all(
    files.map(async (file) => ({
      name: file.name,
      isImage: file.type.startsWith("image/"),
      dataUrl: await dataUrlOf(file),
    })),
  );
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
