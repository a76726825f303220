import { useEffect, useState } from "preact/hooks";

export interface Live {
  /** Whether the connection to the server's events is open. */
  connected: boolean;
  /** Increases with new catalogue versions, at most once every two seconds. */
  catalogue: number;
  /** Increases when a run starts, makes progress or ends, at most once every two seconds. */
  runs: number;
}

type Topic = "catalogue" | "runs";

const pause = 2_000;
const shortestWait = 1_000;
const longestWait = 30_000;

/**
 * Listens to /events. Browsers reconnect automatically after a broken connection, but give up permanently after a response other than 200,
 * such as a proxy's 503 during a deployment. This then opens a new connection, after a wait that doubles with each failure.
 */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connected: false, catalogue: 0, runs: 0 });

  useEffect(() => {
    const moved = new Set<Topic>();
    let events: EventSource | undefined;
    let notice: number | undefined;
    let reopening: number | undefined;
    let wait = shortestWait;

    const move = (...topics: Topic[]) => {
      topics.forEach(topic => moved.add(topic));
      notice ??= window.setTimeout(() => {
        notice = undefined;
        setLive(old => ({
          ...old,
          catalogue: old.catalogue + Number(moved.has("catalogue")),
          runs: old.runs + Number(moved.has("runs")),
        }));
        moved.clear();
      }, pause);
    };

    const open = (isFirst: boolean) => {
      const source = events = new EventSource("/events");
      source.onopen = () => {
        setLive(old => ({ ...old, connected: true }));
        wait = shortestWait;
        if (!isFirst) {
          // A new connection does not receive events from before it was opened.
          move("catalogue", "runs");
        }
      };
      source.onerror = () => {
        setLive(old => ({ ...old, connected: false }));
        if (source.readyState === EventSource.CLOSED) {
          // Randomized, so that not all tabs reconnect at once when a server comes back.
          reopening = window.setTimeout(() => open(false), wait * (0.5 + Math.random() / 2));
          wait = Math.min(2 * wait, longestWait);
        }
      };
      source.addEventListener("catalogue", () => move("catalogue"));
      source.addEventListener("run", () => move("runs"));
    };

    open(true);
    return () => {
      events?.close();
      window.clearTimeout(notice);
      window.clearTimeout(reopening);
    };
  }, []);

  return live;
}
