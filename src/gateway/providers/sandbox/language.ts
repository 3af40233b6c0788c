/** Indonesian or English? By common words alone; whoever counts more wins, and English when nobody does. */
import type { Locale } from "../../../kernel/locale.ts";

const INDONESIAN = wordSet(`
  ada adalah agar akan aku anda apa apakah atau bagaimana bagi bahwa bantu baru belum berapa berikan bisa boleh buat
  buatkan cara cerita coba cuaca dalam dan dari dengan di dia dong gambar halo hai hari ini itu jam jangan jawab jelaskan
  jika juga kabar kalau kami kamu kapan karena kata kenapa kepada kita kota lagi lain makasih mana mau mengapa mereka
  mohon nama namun nya oleh orang pada pagi panggil pakai saja sama sampai satu saya sebagai sebuah sebutkan sekarang
  selamat semua seperti siang siapa sore sudah supaya tahu tentang terima terjemahkan tetapi tidak tolong tulis untuk
  yang ya kasih malam makna arti lihat jumlah lalu harus bukan sangat lebih`);
const ENGLISH = wordSet(`
  a about am an and are as at be by call can could do does explain for from give good had has have hello hey hi how i if
  in is it its like look make me morning my night no not of on or our please she should show tell than thank thanks that
  the their them then there these they this to today translate use was we weather were what when where which who why will
  with would write yes you your see picture image he his her name time`);

/** A longer text does not need to be read to its end. */
const MAX_CHARACTERS = 4000;

export function detectLanguage(text: string): Locale {
  let indonesian = 0;
  let english = 0;
  for (const word of text
    .slice(0, MAX_CHARACTERS)
    .toLowerCase()
    .match(/\p{L}+/gu) ?? []) {
    if (INDONESIAN.has(word)) indonesian++;
    if (ENGLISH.has(word)) english++;
  }
  return indonesian > english ? "id" : "en";
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}
