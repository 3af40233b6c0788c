export const palette = {
  title: "Search and commands",
  field: "Search pages, keys, models",
  pages: "Pages",
  actions: "Actions",
  workIn: "Work in {{name}}",
  choice: "{{of}}: {{value}}",
  docsWords: "documentation",
  loading: "Searching keys and models",
  empty: "Nothing fits.",
  failed: "Keys and models could not all be read.",
};
