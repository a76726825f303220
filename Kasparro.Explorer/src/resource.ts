import { useEffect, useState } from "preact/hooks";

/** A problem document (RFC 9457); made up from the status where the response was something else. */
export class Problem extends Error {
  constructor(readonly status: number, title: string, readonly retryAfter: number | null) {
    super(title);
  }
}

interface ProblemBody {
  title?: string;
  detail?: string;
  /** What is wrong with each parameter at fault. */
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
  /** The newest response; an older one stays until the next has arrived. */
  data: T | null;
  /** Whether the data are of the path that is asked for, and not of one before it: links in them lead on from what is shown. */
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

/** Reads a path, and reads it again when it or `revision` changes; null reads nothing. Asks again by itself where the server says when. */
export function useResource<T>(path: string | null, revision: unknown = 0): Resource<T> {
  const [state, setState] = useState<State<T>>({ data: null, dataPath: null, error: null, loading: path !== null, path });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (path === null) {
      return;
    }

    const controller = new AbortController();
    let retry: number | undefined;
    setState(old => ({ ...old, loading: true, data: samePage(old.path, path) ? old.data : null, path }));
    read<T>(path, controller.signal).then(
      data => setState({ data, dataPath: path, error: null, loading: false, path }),
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
    loading: path !== null && (state.loading || state.path !== path), // The effect runs after the page is drawn with the new path.
  };
}

// Other filters of one resource keep the old rows in place until the new ones are there; another resource starts empty.
function samePage(one: string | null, other: string): boolean {
  return one !== null && one.split("?")[0] === other.split("?")[0];
}
