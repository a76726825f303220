import { Link } from "wouter-preact";
import type { Run, RunPageData } from "../api";
import { duration, measured, measureName, since, sourceName, sources, utc, whole } from "../format";
import type { Live } from "../live";
import { Notice } from "../parts/Notice";
import { RunStatusBadge } from "../parts/RunStatusBadge";
import { RunTimeline } from "../parts/RunTimeline";
import { useTitle } from "../parts/title";
import { useQuery } from "../query";
import { useResource } from "../resource";

const statuses = ["running", "completed", "failed", "interrupted", "cancelled", "lost_lock"];
const filters = ["source", "status", "cursor"];

function apiQuery(query: URLSearchParams, limit: number): URLSearchParams {
  const asked = new URLSearchParams({ limit: limit.toString() });
  filters.filter(name => query.get(name)).forEach(name => asked.set(name, query.get(name)!));
  return asked;
}

function remark(run: Run): string {
  const [first, ...more] = run.assessment.anomalies;
  if (!first) {
    return run.trigger === "backfill" ? "past prices" : "";
  }

  const { measure, found, expected } = first;
  const others = more.length ? `, and ${more.length} more` : "";
  return `${measureName(measure)}: ${measured(measure, found)} instead of ${measured(measure, expected)}${others}`;
}

export function RunsPage({ live }: { live: Live }) {
  useTitle("Runs");
  const { query, go } = useQuery("/explore/runs");
  const page = useResource<RunPageData>(`/runs?${apiQuery(query, 50)}`, live.runs);
  const past = useResource<RunPageData>(`/runs?${apiQuery(query, 300)}`, live.runs);
  const upstreams = page.data?.runs[0]?.upstreams;

  return (
    <>
      <h1>Runs</h1>
      <form class="filters" role="search" onSubmit={event => event.preventDefault()}>
        <label>
          <span>Source</span>
          <select value={query.get("source") ?? ""} onChange={event => go({ source: event.currentTarget.value })}>
            <option value="">All</option>
            {sources.map(source => <option key={source} value={source}>{sourceName(source)}</option>)}
          </select>
        </label>
        <label>
          <span>Status</span>
          <select value={query.get("status") ?? ""} onChange={event => go({ status: event.currentTarget.value })}>
            <option value="">All</option>
            {statuses.map(status => <option key={status} value={status}>{status.replace("_", " ")}</option>)}
          </select>
        </label>
      </form>
      <Notice of={page} what="The runs" />
      {page.data && page.data.runs.length === 0 && <p class="nothing">No runs.</p>}
      {page.data && page.data.runs.length > 0 && (
        <>
          <RunTimeline runs={past.data?.runs.length ? past.data.runs : page.data.runs} />
          <h2>Newest first</h2>
          {upstreams !== "live" && <p class="count">The upstreams are {upstreams}.</p>}
          <div class="scroll" tabIndex={0} role="region" aria-label="Runs">
            <table aria-busy={page.loading}>
              <thead>
                <tr>
                  <th scope="col">Started</th><th scope="col">Source</th><th scope="col">Status</th><th scope="col" class="number">Took</th>
                  <th scope="col" class="number">Read</th><th scope="col" class="number">New</th><th scope="col" class="number">Changed</th>
                  <th scope="col" class="number">Rejected</th><th scope="col">Remark</th>
                </tr>
              </thead>
              <tbody>
                {page.data.runs.map(run => (
                  <tr key={run.run_id}>
                    <td>
                      <Link href={`/explore/runs/${run.run_id}`}>
                        <time dateTime={run.started_at} title={utc(run.started_at)}>{since(run.started_at)}</time>
                      </Link>
                    </td>
                    <td>{sourceName(run.source)}{run.upstreams !== upstreams && <> <span class="badge">{run.upstreams}</span></>}</td>
                    <td class="tags">
                      <RunStatusBadge status={run.status} />
                      {run.assessment.verdict === "odd" && <> <span class="badge warn">odd</span></>}
                    </td>
                    <td class="number">{duration(run.duration_ms)}</td>
                    <td class="number">{whole(run.counts.read)}</td>
                    <td class="number">{whole(run.counts.inserted)}</td>
                    <td class="number">{whole(run.counts.updated)}</td>
                    <td class="number">{whole(run.counts.rejected)}</td>
                    <td class="wrap">{run.error ?? remark(run)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <nav class="pages" aria-label="Pages">
            {query.has("cursor") && <button type="button" onClick={() => go({ cursor: null })}>Newest</button>}
            <button
              type="button" disabled={!page.isCurrent || page.data.next_cursor === null}
              onClick={() => go({ cursor: page.data!.next_cursor })}
            >
              Older →
            </button>
          </nav>
        </>
      )}
    </>
  );
}
