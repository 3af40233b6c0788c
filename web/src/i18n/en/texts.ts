import { account } from "./account.ts";
import { common } from "./common.ts";
import { errors } from "./errors.ts";
import { keys } from "./keys.ts";
import { landing } from "./landing.ts";
import { mailbox } from "./mailbox.ts";
import { shell } from "./shell.ts";

export const englishTexts = { account, common, errors, keys, landing, mailbox, shell };
