/** The failing provider as a program of its own: models are its arguments, and requests bring their scripts with them. */
import { startFaultProvider } from "./provider.ts";

const provider = startFaultProvider({ models: process.argv.slice(2) });
console.log(`The failing provider is listening on http://${provider.host}`);
