// Runs before anything is drawn, so that a chosen theme never flashes in the other one. A file of its own, because the
// content security policy allows no inline script. The rest of the story is in src/lib/theme.ts.
try {
  const theme = localStorage.getItem("gapura.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system decides.
}
