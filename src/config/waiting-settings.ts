/** How long what may take, and what is done meanwhile: the rows of the table of settings that are about waiting. */
import type { Bilingual } from "../kernel/locale.ts";
import { plain, type Setting } from "./setting.ts";

const SECONDS_UP_TO_DAY: Bilingual = {
  en: "seconds, from 0.1 to 86400",
  id: "detik, dari 0.1 sampai 86400",
};
const SECONDS_UP_TO_TEN_MINUTES: Bilingual = {
  en: "seconds, from 0.1 to 600",
  id: "detik, dari 0.1 sampai 600",
};

export const waitingSettings = {
  connectTimeout: plain("timeouts.connectSeconds", "CONNECT_TIMEOUT_SECONDS", "connect-timeout-seconds", "5", {
    summary: {
      en: "How long a connection to a provider may take to come about.",
      id: "Berapa lama sambungan ke penyedia boleh memakan waktu sampai terbentuk.",
    },
    accepts: SECONDS_UP_TO_TEN_MINUTES,
  }),
  firstByteTimeout: plain(
    "timeouts.firstByteSeconds",
    "FIRST_BYTE_TIMEOUT_SECONDS",
    "first-byte-timeout-seconds",
    "60",
    {
      summary: {
        en: "How long a provider may take to begin a stream. A model that thinks before it answers gets four times as long. Providers and models can have times of their own in the file.",
        id: "Berapa lama penyedia boleh memakan waktu untuk memulai stream. Model yang berpikir sebelum menjawab mendapat empat kali lipat. Di berkas, penyedia dan model bisa punya waktu sendiri.",
      },
      accepts: SECONDS_UP_TO_DAY,
    },
  ),
  wholeAnswerTimeout: plain(
    "timeouts.wholeAnswerSeconds",
    "WHOLE_ANSWER_TIMEOUT_SECONDS",
    "whole-answer-timeout-seconds",
    "300",
    {
      summary: {
        en: "How long a provider may take for an answer that is not streamed. Most send nothing before it is whole.",
        id: "Berapa lama penyedia boleh memakan waktu untuk jawaban yang tidak di-stream. Kebanyakan tidak mengirim apa pun sebelum jawabannya utuh.",
      },
      accepts: SECONDS_UP_TO_DAY,
    },
  ),
  silenceTimeout: plain("timeouts.silenceSeconds", "SILENCE_TIMEOUT_SECONDS", "silence-timeout-seconds", "30", {
    summary: {
      en: "How long a stream may stay silent in the middle before it is given up. A model that thinks before it answers gets four times as long.",
      id: "Berapa lama stream boleh diam di tengah jalan sebelum dihentikan. Model yang berpikir sebelum menjawab mendapat empat kali lipat.",
    },
    accepts: SECONDS_UP_TO_DAY,
  }),
  answerTimeout: plain("timeouts.answerSeconds", "ANSWER_TIMEOUT_SECONDS", "answer-timeout-seconds", "600", {
    summary: {
      en: "How long a request may wait for its answer, or for the beginning of its stream, over all attempts together.",
      id: "Berapa lama sebuah permintaan boleh menunggu jawabannya, atau awal stream-nya, untuk semua percobaan sekaligus.",
    },
    accepts: SECONDS_UP_TO_DAY,
  }),
  streamTimeout: plain("timeouts.streamSeconds", "STREAM_TIMEOUT_SECONDS", "stream-timeout-seconds", "3600", {
    summary: {
      en: "How long a stream may go on, however lively it is.",
      id: "Berapa lama sebuah stream boleh berlangsung, seaktif apa pun.",
    },
    accepts: SECONDS_UP_TO_DAY,
  }),
  hedging: plain("hedging", "HEDGING", "hedging", "off", {
    summary: {
      en: "Whether a second provider is asked for a stream while the first is slower than usual. The faster one answers; the other may still bill the operator. `request`: where a request has the header `X-Gapura-Hedge: on`.",
      id: "Apakah penyedia kedua ikut ditanya untuk sebuah stream selagi yang pertama lebih lambat dari biasanya. Yang lebih cepat menjawab; yang lain mungkin tetap menagih pengelola. `request`: bila permintaan membawa header `X-Gapura-Hedge: on`.",
    },
    accepts: { en: "`off`, `request` or `always`", id: "`off`, `request`, atau `always`" },
  }),
} as const satisfies Record<string, Setting>;
