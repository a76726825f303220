import { useEffect, useRef, useState } from "preact/hooks";
import { Link, Route, Switch, useLocation } from "wouter-preact";
import { useLive } from "./live";
import { AssetPage } from "./pages/AssetPage";
import { AssetsPage } from "./pages/AssetsPage";
import { RunPage } from "./pages/RunPage";
import { RunsPage } from "./pages/RunsPage";
import { useTitle } from "./parts/title";
import { nextTheme, currentTheme } from "./theme";

export function App() {
  const live = useLive();
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  const wentBackTo = useRef("");

  useEffect(() => {
    const listen = () => { wentBackTo.current = location.pathname; };
    addEventListener("popstate", listen);
    return () => removeEventListener("popstate", listen);
  }, []);

  // Focusing the new page makes screen readers announce it. Where the browser goes back or forward, it scrolls by itself.
  useEffect(() => {
    if (shown.current !== path) {
      shown.current = path;
      main.current?.focus({ preventScroll: true });
      if (wentBackTo.current !== path) {
        scrollTo(0, 0);
      }

      wentBackTo.current = "";
    }
  }, [path]);

  return (
    <>
      <a class="skip" href="#main">Skip to content</a>
      <header>
        <Link href="/" class="brand"><img src="/explore/favicon.svg" alt="" width="28" height="28" /> <span>Kasparro</span></Link>
        <nav aria-label="Main">
          <NavLink href="/" current={path === "/" || path.startsWith("/explore/assets")}>Assets</NavLink>
          <NavLink href="/explore/runs" current={path.startsWith("/explore/runs")}>Runs</NavLink>
          <a href="/docs">API</a>
        </nav>
        <span class={live.connected ? "live on" : "live"} role="status">
          <span class="wide">{live.connected ? "Live" : "Connecting…"}</span>
        </span>
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Switch>
          <Route path="/"><AssetsPage live={live} /></Route>
          <Route path="/explore/assets/:id">{({ id }) => <AssetPage id={id} live={live} />}</Route>
          <Route path="/explore/runs"><RunsPage live={live} /></Route>
          <Route path="/explore/runs/:id">{({ id }) => <RunPage id={id} live={live} />}</Route>
          <Route><Nothing /></Route>
        </Switch>
      </main>
    </>
  );
}

function Nothing() {
  useTitle("Nothing here");
  return (
    <div class="nothing">
      <h1>Nothing here</h1>
      <p>There is no page at this address. <Link href="/">All assets</Link></p>
    </div>
  );
}

function NavLink({ href, current, children }: { href: string; current: boolean; children: string }) {
  return <Link href={href} aria-current={current ? "page" : undefined}>{children}</Link>;
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  return (
    <button type="button" class="theme" onClick={() => setTheme(nextTheme())}>
      <span aria-hidden="true">{theme === "dark" ? "☾" : theme === "light" ? "☀" : "◐"}</span>
      <span><span class="wide">Theme: </span>{theme}</span>
    </button>
  );
}
