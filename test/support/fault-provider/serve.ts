/** The failing provider as a program of its own: its name and its models are the arguments, requests bring their scripts. */
import { startFaultProvider } from "./provider.ts";

const [name = "", ...models] = process.argv.slice(2);
const provider = startFaultProvider({ name, models });
console.log(`The failing provider is listening on http://${provider.host}`);
