import { Link } from "wouter-preact";
import type { Resolved } from "../api";
import { useResource } from "../resource";

/** The assets that have the search text as an id, in any vocabulary; nothing if there are none. */
export function IdMatch({ text, revision }: { text: string; revision: unknown }) {
  const found = useResource<Resolved>(text === "" || text.length > 500 ? null : `/resolve?id=${encodeURIComponent(text)}`, revision);
  const result = text === "" || found.error ? undefined : found.data?.results[0];
  const assets = result?.asset ? [result.asset] : result?.candidates ?? [];
  if (assets.length === 0) {
    return null;
  }

  return (
    <ul class="plain matches" aria-label="Assets with this id">
      {assets.map(asset => (
        <li key={asset.asset_id}>
          <Link href={`/explore/assets/${asset.asset_id}`} class="asset">
            <strong>{asset.symbol}</strong> <span class="name">{asset.name}</span>
          </Link>
          {" "}has the id <code>{result!.id}</code>{!asset.is_active && <span class="badge warn">inactive</span>}
          <span class="evidence">{asset.evidence.map(item => <code key={item}>{item}</code>)}</span>
        </li>
      ))}
    </ul>
  );
}
