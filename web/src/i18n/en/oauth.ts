export const oauth = {
  title: "An app asks for access",
  askedBy: "{{host}} asks for an API key",
  askedByProgram: "A program asks for an API key",
  lead: "You are signed in as {{email}}.",
  app: "The key goes to",
  noAddress: "A program to which you carry a code yourself",
  keyName: "Name of the key",
  expires: "Ends",
  may: "With the key it can call models in your name, up to the limit that you set here. It cannot see or change your account.",
  trust:
    "Allow it only if you have just started this from the app yourself. You can delete the key at any time on the API Keys page.",
  allow: "Allow",
  deny: "Deny",
  codeTitle: "Your code",
  codeText: "Copy it into the program that sent you here. It works once, for ten minutes.",
  codeWarning: "Give it to nobody else: it is worth a key.",
  copyCode: "Copy code",
  deniedTitle: "Nothing was given",
  deniedText: "The program gets no key. You can close this page.",
  brokenTitle: "This request cannot be answered",
  brokenText:
    "The app that sent you here asks in a way that is not accepted, so nothing was given. Its maker can use this:",
};
