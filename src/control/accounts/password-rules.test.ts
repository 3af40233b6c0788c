import { expect, test } from "bun:test";
import { passwordProblem } from "./password-rules.ts";

const siti = { name: "Siti Rahmawati", email: "siti.rahmawati@example.com" };

test("passwords that lists and habits would guess are refused, however long", () => {
  const guessable = [
    "aaaaaaaaaaaaaaaaaaaa",
    "123456789012345",
    "1234567890123456",
    "abcabcabcabcabcabc",
    "passwordpassword",
    "Password123456789",
    "P@ssw0rdP@ssw0rd1",
    "qwertyuiopasdfgh",
    "qazwsxedcrfvtgbyhn",
    "iloveyouiloveyou1",
    "letmeinletmeinletmein",
    "administrator2024",
    "admin123admin123",
    "katasandikatasandi",
    "rahasiarahasia123",
    "sayangsayangsayang",
    "bismillah12345678",
    "indonesiamerdeka45",
    "gapura-dashboard-1",
    "welcometogapura!",
    "openrouterapikey1",
    "siti.rahmawati@example.com",
    "rahmawati-rahmawati",
    "SitiRahmawati1998!",
    "abcdefghijklmnop",
    "zyxwvutsrqponmlk",
    "1q2w3e4r5t6y7u8i",
    "q1w2e3r4t5y6u7i8",
    "1qaz2wsx3edc4rfv",
    "zaq12wsxcde34rfv",
    "correcthorsebatterystaple",
    "thequickbrownfox",
  ];
  const accepted = guessable.filter((password) => passwordProblem(password, siti) === null);
  expect(accepted).toEqual([]);
});

test("long phrases pass without capitals, digits or signs, in any script", () => {
  const good = [
    "kucing oranye lompat tinggi",
    "correct horse battery staple",
    "delapan belas burung gereja",
    "tr0mb0ne-Vulkan-Kelapa-9",
    "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ ꦲꦶꦁ ꦗꦮ",
    "夕方に自転車で海まで行った話をする",
    "x7#Lq9!vB2@rT5&wN8",
    "my dog ate seven green umbrellas",
    `${"z".repeat(120)} unlikely ending here`,
  ];
  const refused = good.filter((password) => passwordProblem(password, siti) !== null);
  expect(refused).toEqual([]);
});
