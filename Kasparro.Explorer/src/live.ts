import { useEffect, useState } from "preact/hooks";

export interface Live {
  /** Whether the server's events arrive. */
  connected: boolean;
  /** Counts up with each new catalogue version; at most once in two seconds. */
  catalogue: number;
  /** Counts up whenever a run starts, moves on or ends; at most once in two seconds. */
  runs: number;
}

const pause = 2_000;

/** Listens to /events. The browser connects again by itself. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connected: false, catalogue: 0, runs: 0 });

  useEffect(() => {
    const events = new EventSource("/events");
    const waiting = new Set<"catalogue" | "runs">();
    let timer: number | undefined;
    const moved = (what: "catalogue" | "runs") => () => {
      waiting.add(what);
      timer ??= window.setTimeout(() => {
        timer = undefined;
        setLive(old => ({
          ...old,
          catalogue: old.catalogue + Number(waiting.has("catalogue")),
          runs: old.runs + Number(waiting.has("runs")),
        }));
        waiting.clear();
      }, pause);
    };

    events.onopen = () => setLive(old => ({ ...old, connected: true }));
    events.onerror = () => setLive(old => ({ ...old, connected: false }));
    events.addEventListener("catalogue", moved("catalogue"));
    events.addEventListener("run", moved("runs"));
    return () => {
      events.close();
      window.clearTimeout(timer);
    };
  }, []);

  return live;
}
