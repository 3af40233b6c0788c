export const logs = {
  title: "Logs",
  lead: "Every single request of your keys, newest first.",
  searchId: "Id of a request begins with",
  costAtLeast: "{{amount}} or more",
  histogramLabel: "Requests over time: choose a column with the arrow keys, Enter shows only its time",
  histogramLeavesOut:
    "The columns count by key, model, provider, app and member; the other filters narrow down the list alone.",
  total: "Requests in this time: {{requests}} · spent {{spent}}",
  totalRequests: "Requests in this time: {{requests}}",
  live: "Follow live",
  liveOn: "Live",
  liveConnecting: "Connecting",
  shownSoFar: "{{rows}} shown, there are more",
  shownAll: "{{rows}} shown",
  searchedTo: "Nothing found back to {{time}} yet.",
  columns: "Columns",
  columnsUsual: "The usual ones",
};
