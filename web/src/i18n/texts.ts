import type { englishTexts } from "./en/texts.ts";

/**
 * What a language must say: the groups and names of the English texts. Forms for "one" are left out, because a language
 * without them (as Indonesian) has none to give.
 */
export type Texts = {
  [Group in keyof typeof englishTexts]: {
    [Name in keyof (typeof englishTexts)[Group] as Name extends `${string}_one` ? never : Name]: string;
  };
};
