/**
 * Which new passwords are refused, after NIST SP 800-63B-4: length counts, composition does not. At fifteen characters
 * the usual lists of leaked passwords hold almost nothing that is a single word; what people really choose there is a
 * common word repeated, strung together or padded with digits, a run over the keyboard, or their own name. Those are
 * recognised by their make-up, offline.
 */

/** Words that passwords are made of, with the product's own. Longer ones first, so that they are taken whole. */
const COMMON_WORDS = [
  "correcthorsebatterystaple",
  "thequickbrownfox",
  "administrator",
  "indonesia",
  "openrouter",
  "kerahasiaan",
  "passphrase",
  "basketball",
  "bismillah",
  "liverpool",
  "password",
  "passwort",
  "katasandi",
  "sandisaya",
  "football",
  "baseball",
  "superman",
  "princess",
  "sunshine",
  "whatever",
  "trustno1",
  "starwars",
  "computer",
  "internet",
  "iloveyou",
  "chocolate",
  "welcome",
  "letmein",
  "rahasia",
  "gapura",
  "dashboard",
  "monkey",
  "dragon",
  "master",
  "shadow",
  "qwerty",
  "azerty",
  "secret",
  "batman",
  "access",
  "sayang",
  "cintaku",
  "jakarta",
  "bandung",
  "surabaya",
  "merdeka",
  "garuda",
  "kata",
  "sandi",
  "login",
  "admin",
  "hello",
  "ninja",
  "mustang",
  "michael",
  "jordan",
  "charlie",
  "apikey",
  "user",
  "test",
  "guest",
  "root",
  "love",
  "pass",
  "word",
  "aku",
  "kamu",
  "anda",
  "saya",
  "the",
  "my",
  "is",
  "and",
] as const;
const RUNS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qazwsxedcrfvtgbyhnujmikolp",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "zaq12wsxcde34rfvbgt56yhnmju78ik",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
];
const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};
/** This many characters must be left after everything guessable has been taken out. */
const MIN_REST = 6;

/** Why a new password is refused, or null when it is fine. `about` is the person's name and address. */
export function passwordProblem(password: string, about: { name: string; email: string }): string | null {
  const text = password.normalize("NFC").toLowerCase();
  if (new Set(text).size < 5) return "is made of too few different characters";
  if (/^(.{1,12}?)\1+.{0,11}$/su.test(text) && isRepetition(text)) return "repeats the same few characters";
  const own = [about.email, about.email.split("@")[0] ?? "", ...about.name.split(/\s+/)].filter(
    (word) => word.length >= 4,
  );
  const asTyped = restOf(text, own);
  const asMeant = restOf([...text].map((character) => LEET[character] ?? character).join(""), own);
  if (Math.min(asTyped, asMeant) < MIN_REST) return "is made of common words, runs of characters, or your own name";
  return null;
}

function isRepetition(text: string): boolean {
  for (let unit = 1; unit <= text.length / 2; unit++) {
    if ([...text].every((character, index) => character === text[index % unit])) return true;
  }
  return false;
}

/** How many characters are left when own words, common words, runs and digits at the ends are taken out. */
function restOf(text: string, own: readonly string[]): number {
  let rest = text;
  for (const word of own) rest = rest.replaceAll(word.toLowerCase(), " ");
  for (const word of COMMON_WORDS) rest = rest.replaceAll(word, " ");
  rest = withoutRuns(rest);
  return rest.replace(/[\s\d!?._-]+/g, "").length;
}

/** Takes out every run of four or more neighbours of the alphabet, the digits or the keyboard, in either direction. */
function withoutRuns(text: string): string {
  const lines = RUNS.flatMap((run) => [run, [...run].reverse().join("")]);
  let result = "";
  let position = 0;
  while (position < text.length) {
    let longest = 0;
    for (const line of lines) {
      let length = 1;
      while (position + length < text.length && line.includes(text.slice(position, position + length + 1))) length++;
      longest = Math.max(longest, length);
    }
    if (longest >= 4) position += longest;
    else result += text[position++];
  }
  return result;
}
