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

/** Switches to the next theme: auto (the system's) → light → dark → auto. */
export function nextTheme(): Theme {
  theme = order[(order.indexOf(theme) + 1) % order.length]!;
  storeTheme();
  applyTheme();
  // Charts are canvases and have to reread their colours.
  dispatchEvent(new Event("themechange"));
  return theme;
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return order.find(candidate => candidate === stored) ?? "auto";
  } catch {
    // Storage is blocked along with cookies: the theme lasts only as long as the page.
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
