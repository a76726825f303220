import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import type { Assessment, RunDetails } from "../api";
import { counted, duration, measured, measureName, since, sourceName, utc, whole } from "../format";
import type { Live } from "../live";
import { Notice } from "../parts/Notice";
import { RunStatusBadge } from "../parts/RunStatusBadge";
import { useTitle } from "../parts/title";
import { useResource } from "../resource";

export function RunPage({ id, live }: { id: string; live: Live }) {
  useTitle("Run");
  const details = useResource<RunDetails>(`/runs/${encodeURIComponent(id)}`, live.runs);

  return (
    <>
      <p><Link href="/explore/runs">← All runs</Link></p>
      <Notice of={details} what="The run" />
      {details.data && <Details of={details.data} />}
    </>
  );
}

function Details({ of: { run, stages, upstream_calls: calls, checkpoints, drifts, rejections } }: { of: RunDetails }) {
  return (
    <>
      <h1>
        Run of {sourceName(run.source)} <RunStatusBadge status={run.status} />
        {run.assessment.verdict === "odd" && <span class="badge warn">odd</span>}
      </h1>
      <p class="count">
        Started {utc(run.started_at)}, {since(run.started_at)}, by {run.trigger}; its upstream is {run.upstreams}.
      </p>
      {run.error && <p class="notice error">{run.error}</p>}
      <dl class="facts small">
        <Fact title="Took">{duration(run.duration_ms)}</Fact>
        {stages && <Fact title="Loading">{duration(stages.load_ms)}</Fact>}
        {stages && <Fact title="Waiting">{duration(stages.wait_ms)}</Fact>}
        {run.backfill && <Fact title="Backfill">{whole(run.backfill.done)} of {whole(run.backfill.windows)} windows</Fact>}
        {!!run.backfill?.time_left_ms && <Fact title="Left">{duration(run.backfill.time_left_ms)}</Fact>}
        {calls !== null && <Fact title="Calls">{whole(calls)}</Fact>}
        <Fact title="Pages">{whole(run.counts.pages)}</Fact>
        <Fact title="Records read">{whole(run.counts.read)}</Fact>
        <Fact title="New">{whole(run.counts.inserted)}</Fact>
        <Fact title="Changed">{whole(run.counts.updated)}</Fact>
        <Fact title="Unchanged">{whole(run.counts.unchanged)}</Fact>
        <Fact title="Duplicates">{whole(run.counts.duplicates)}</Fact>
        <Fact title="Rejected">{whole(run.counts.rejected)}</Fact>
      </dl>
      <h2>Anomalies</h2>
      <Anomalies of={run.assessment} />
      <Section title="How far it read" none="A later run has moved on." items={checkpoints}>
        {point => (
          <>
            <strong>{point.stream}</strong>: {counted(point.records, "record")} in {counted(point.page, "page")}
            {point.is_complete && ", to its end"}
          </>
        )}
      </Section>
      <Section title="Schema drift" none="Every field was as expected." items={drifts}>
        {drift => (
          <>
            <strong>{drift.stream}</strong> <code>{drift.path}</code> {drift.kind}
            {drift.renamed_to && <> to <code>{drift.renamed_to}</code></>}
            {drift.found && <>: {drift.found}{drift.expected && <> where {drift.expected} was expected</>}</>},
            {" "}in {counted(drift.occurrences, "record")}
          </>
        )}
      </Section>
      <Section title="Rejected records" none="None." items={rejections}>
        {rejection => <><strong>{rejection.reason.replaceAll("_", " ")}</strong>: {whole(rejection.records)}</>}
      </Section>
    </>
  );
}

function Anomalies({ of }: { of: Assessment }) {
  if (of.anomalies.length === 0) {
    return <p>{verdict(of)}</p>;
  }

  return (
    <>
      <p class="count">Compared with the {of.history} runs of this source before it:</p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Anomalies">
        <table>
          <thead>
            <tr>
              <th scope="col">Measure</th><th scope="col" class="number">Found</th><th scope="col" class="number">Expected</th>
              <th scope="col" class="number">Usual</th>
            </tr>
          </thead>
          <tbody>
            {of.anomalies.map(({ measure, found, expected, expected_from: from, expected_to: to }) => (
              <tr key={measure}>
                <th scope="row">{measureName(measure)}</th>
                <td class="number"><strong>{measured(measure, found)}</strong></td>
                <td class="number">{measured(measure, expected)}</td>
                <td class="number">{measured(measure, from)} to {measured(measure, to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function verdict(assessment: Assessment): string {
  switch (assessment.verdict) {
    case "usual":
      return `Nothing odd compared with the ${assessment.history} runs before it.`;
    case "too_few_runs":
      return `Too few runs before it to tell: ${assessment.history} of the 8 needed.`;
    case "not_comparable":
      return "It did not read the whole source, so it is not compared with other runs.";
    default:
      return "Not assessed yet.";
  }
}

function Fact({ title, children }: { title: string; children: ComponentChildren }) {
  return <div><dt>{title}</dt><dd>{children}</dd></div>;
}

interface SectionProps<T> {
  title: string;
  none: string;
  items: T[];
  children: (item: T) => ComponentChildren;
}

function Section<T>({ title, none, items, children }: SectionProps<T>) {
  return (
    <section>
      <h2>{title}</h2>
      {items.length === 0 ? <p>{none}</p> : <ul class="plain">{items.map((item, index) => <li key={index}>{children(item)}</li>)}</ul>}
    </section>
  );
}
