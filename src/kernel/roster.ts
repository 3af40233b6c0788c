/**
 * Who is there at this moment, where everybody comes and goes with a request.
 *
 * In place of a `Set` or `Map`, for the sake of the garbage collector: JavaScriptCore gives a `Set` a new table when many
 * have left it, and the old table points to the new one. Once one of them has grown old, the small collections take it and
 * all that it leads to for alive, table after table: every member that ever was in one, until the next full collection.
 */

/** The field is the roster's own: where its list has the member. */
export interface Seated {
  seat?: number | undefined;
}

/** A member is in one roster at a time. They stand in no order. */
export class Roster<Member extends Seated> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  has(member: Member): boolean {
    return member.seat !== undefined && this.#members[member.seat] === member;
  }

  /** Throws for a member of another roster: it could not be taken out of that any more. */
  add(member: Member): void {
    if (this.has(member)) return;
    if (member.seat !== undefined) throw new Error("a member of another roster");
    member.seat = this.#members.length;
    this.#members.push(member);
  }

  /** Does nothing for whoever is not there. The last one takes the seat that is left. */
  delete(member: Member): void {
    const { seat } = member;
    if (seat === undefined || this.#members[seat] !== member) return;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[seat] = last;
      last.seat = seat;
    }
    member.seat = undefined;
  }

  /** Those who are there now, whoever comes and goes meanwhile. */
  all(): Member[] {
    return [...this.#members];
  }

  /** Nobody may come or go meanwhile. */
  filter(isMeant: (member: Member) => boolean): Member[] {
    return this.#members.filter(isMeant);
  }
}
