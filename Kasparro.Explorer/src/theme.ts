export type Theme = "auto" | "light" | "dark";

const key = "kasparro-theme";
const order: Theme[] = ["auto", "light", "dark"];

let theme = storedTheme();

export function currentTheme(): Theme {
  return theme;
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme;
}

/** Auto (what the system says) → light → dark → auto. */
export function nextTheme(): Theme {
  theme = order[(order.indexOf(theme) + 1) % order.length]!;
  storeTheme();
  applyTheme();
  // Charts are canvases: they read their colours again.
  dispatchEvent(new Event("themechange"));
  return theme;
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return order.find(candidate => candidate === stored) ?? "auto";
  } catch {
    // Storage is blocked (cookies are): the theme then lasts as long as the page.
    return "auto";
  }
}

function storeTheme(): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Blocked or full: see storedTheme.
  }
}
