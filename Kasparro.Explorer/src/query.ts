import { useEffect, useRef } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";

export type Changes = Record<string, string | null>;

export interface Query {
  /** The query of the current address. */
  query: URLSearchParams;
  /** Changes the query now, together with pending changes; drops the cursor unless the changes include one. */
  go: (changes: Changes) => void;
  /** Changes the query after a pause in typing, in the same entry of the browser's history. */
  later: (changes: Changes) => void;
  /** Drops pending changes. */
  forget: () => void;
}

const typingPause = 250;

/** The query of a page's address. Changes apply to the address as it is then, not as it was when the page was rendered. */
export function useQuery(path: string): Query {
  const [, navigate] = useLocation();
  const query = new URLSearchParams(useSearch());
  const waiting = useRef<Changes>({});
  const timer = useRef<number>();

  const forget = () => {
    window.clearTimeout(timer.current);
    waiting.current = {};
  };

  const apply = (changes: Changes, replace: boolean) => {
    const next = new URLSearchParams(location.search);
    next.delete("cursor");
    for (const [name, value] of Object.entries({ ...waiting.current, ...changes })) {
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
    }

    forget();
    const text = next.toString();
    navigate(text ? `${path}?${text}` : path, { replace });
  };

  const later = (changes: Changes) => {
    window.clearTimeout(timer.current);
    waiting.current = { ...waiting.current, ...changes };
    timer.current = window.setTimeout(() => apply({}, true), typingPause);
  };

  useEffect(() => forget, []);
  return { query, go: changes => apply(changes, false), later, forget };
}
