export type Theme = "auto" | "light" | "dark";

const key = "kasparro-theme";
const order: Theme[] = ["auto", "light", "dark"];

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return order.find(theme => theme === stored) ?? "auto";
}

export function applyStoredTheme(): void {
  document.documentElement.dataset.theme = storedTheme();
}

/** Auto (what the system says) → light → dark → auto. */
export function nextTheme(): Theme {
  const next = order[(order.indexOf(storedTheme()) + 1) % order.length]!;
  localStorage.setItem(key, next);
  applyStoredTheme();
  // Charts are canvases: they read their colours again.
  dispatchEvent(new Event("themechange"));
  return next;
}
