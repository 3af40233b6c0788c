export const mailbox = {
  title: "Mailbox",
  lead: "Mails that this instance would have sent, had it a mail server. Only this computer can open the page.",
  empty: "No mail yet",
  emptyText: "As soon as somebody signs up or asks for a new password, the mail appears here by itself.",
  list: "Mails",
  choose: "Choose a mail to read it.",
  to: "To",
  received: "Received",
  back: "All mails",
  closedTitle: "There is no mailbox here",
  closedText: "Mails of this instance are sent by a mail server, or the page was opened from another computer.",
};
