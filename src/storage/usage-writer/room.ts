/**
 * Asks the database for room, by writing something and taking it away again: two commits, because what never was
 * committed never needed the disk. What was taken stays free in the file, so that records fit afterwards.
 */
export const ROOM_ROW = { principal: "gapura", name: "room", answer: "x".repeat(64 * 1024) };

export const TAKE_ROOM = `insert into idempotent_answer (principal, name, request_hash, answer, created_at)
  values (?, ?, '', ?, ?) on conflict (principal, name) do nothing`;
export const LEAVE_ROOM = "delete from idempotent_answer where principal = ? and name = ?";
