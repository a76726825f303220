import { useEffect, useState } from "preact/hooks";

/** A problem document (RFC 9457), or one made from the status if the response was something else. */
export class Problem extends Error {
  constructor(readonly status: number, title: string, readonly retryAfter: number | null) {
    super(title);
  }
}

interface ProblemBody {
  title?: string;
  detail?: string;
  /** What is wrong with each invalid parameter. */
  errors?: Record<string, string[]>;
}

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { Accept: "application/json" }, signal });
  if (response.ok) {
    return await response.json() as T;
  }

  const body = await response.json().catch(() => null) as ProblemBody | null;
  const errors = Object.entries(body?.errors ?? {}).map(([parameter, wrong]) => `${parameter} ${wrong.join(", ")}`).join("; ");
  const retryAfter = Number(response.headers.get("Retry-After"));
  const message = errors || body?.detail || body?.title || `The server responded with ${response.status}.`;
  throw new Problem(response.status, message, retryAfter > 0 ? retryAfter : null);
}

export interface Resource<T> {
  /** The latest response; it stays until the next one has arrived. */
  data: T | null;
  /** Whether the data belongs to the current path and not to a previous one, whose links to further pages would not fit. */
  isCurrent: boolean;
  error: Error | null;
  loading: boolean;
}

interface State<T> {
  data: T | null;
  dataPath: string | null;
  error: Error | null;
  loading: boolean;
  path: string | null;
}

// The newest responses by path: a page that the browser goes back to is at once as high as it was, so that it can be scrolled to its place.
const kept = new Map<string, unknown>();
const mostKept = 50;

function keep(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  if (kept.size > mostKept) {
    kept.delete(kept.keys().next().value!);
  }
}

/** Reads a path, and rereads it when it or `revision` changes; null reads nothing. Retries when the server says so (Retry-After). */
export function useResource<T>(path: string | null, revision: unknown = 0): Resource<T> {
  const [state, setState] = useState<State<T>>(() => {
    const data = path === null ? null : kept.get(path) as T | undefined ?? null;
    return { data, dataPath: data && path, error: null, loading: path !== null, path };
  });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (path === null) {
      return;
    }

    const controller = new AbortController();
    let retry: number | undefined;
    setState(old => ({ ...old, loading: true, data: samePage(old.path, path) ? old.data : null, path }));
    read<T>(path, controller.signal).then(
      data => {
        keep(path, data);
        setState({ data, dataPath: path, error: null, loading: false, path });
      },
      (error: Error) => {
        if (controller.signal.aborted) {
          return;
        }

        setState(old => ({ ...old, error, loading: false }));
        if (error instanceof Problem && error.retryAfter !== null) {
          retry = window.setTimeout(() => setAttempt(count => count + 1), error.retryAfter * 1000);
        }
      });
    return () => {
      controller.abort();
      window.clearTimeout(retry);
    };
  }, [path, revision, attempt]);

  return {
    data: state.data,
    isCurrent: state.dataPath === path,
    error: state.error,
    loading: path !== null && (state.loading || state.path !== path), // The effect runs only after the new path is rendered.
  };
}

// Other filters on the same resource keep the old rows until the new ones arrive; another resource starts empty.
function samePage(one: string | null, other: string): boolean {
  return one !== null && one.split("?")[0] === other.split("?")[0];
}
