/** The times in the life of a key. */

/** The longest that a former secret goes on working beside the new one. */
export const MOST_OVERLAP_SECONDS = 7 * 86_400;
