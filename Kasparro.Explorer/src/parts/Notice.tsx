import { Problem, type Resource } from "../resource";

/** Reports that something is being read, or why it could not be read. */
export function Notice({ of, what }: { of: Resource<unknown>; what: string }) {
  if (of.error instanceof Problem && of.error.status === 404) {
    return (
      <div class="nothing" role="alert">
        <h1>Nothing here</h1>
        <p>{what} does not exist.</p>
      </div>
    );
  }

  if (of.error) {
    return <p class="notice error" role="alert">{what} could not be read: {of.error.message}</p>;
  }

  return of.loading && of.data === null ? <p class="notice" role="status">Reading {what.toLowerCase()}…</p> : null;
}
