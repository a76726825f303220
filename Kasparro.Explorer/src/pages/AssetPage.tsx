import { Link } from "wouter-preact";
import type { Asset, Listing, Merge } from "../api";
import { share, since, sourceName, usd, usdLarge, utc, whole } from "../format";
import type { Live } from "../live";
import { Chains, Ids } from "../parts/Ids";
import { Logo } from "../parts/Logo";
import { Notice } from "../parts/Notice";
import { Prices } from "../parts/Prices";
import { useTitle } from "../parts/title";
import { useResource } from "../resource";

export function AssetPage({ id, live }: { id: string; live: Live }) {
  const asset = useResource<Asset>(`/assets/${encodeURIComponent(id)}`, live.catalogue);
  useTitle(asset.data ? `${asset.data.symbol} ${asset.data.name}` : "Asset");

  return (
    <>
      <p><Link href="/">← All assets</Link></p>
      <Notice of={asset} what="The asset" />
      {asset.data && <Facts asset={asset.data} live={live} />}
    </>
  );
}

function Facts({ asset, live }: { asset: Asset; live: Live }) {
  return (
    <>
      <h1>
        {asset.logo && <Logo path={asset.logo} size={32} />}
        {asset.name} <span class="badge">{asset.symbol}</span>
        {!asset.is_active && <span class="badge warn">inactive</span>}
      </h1>
      <dl class="facts">
        <div><dt>Price</dt><dd>{usd(asset.price_usd)}</dd></div>
        <div><dt>Market cap</dt><dd title={usd(asset.market_cap)}>{usdLarge(asset.market_cap)}</dd></div>
        <div><dt>Volume 24 h</dt><dd title={usd(asset.volume_24h)}>{usdLarge(asset.volume_24h)}</dd></div>
        <div><dt>Rank</dt><dd>{whole(asset.rank)}</dd></div>
        <div><dt>Source</dt><dd>{sourceName(asset.source)}</dd></div>
        <div><dt>Updated</dt><dd><time dateTime={asset.updated_at} title={utc(asset.updated_at)}>{since(asset.updated_at)}</time></dd></div>
      </dl>
      <Prices asset={asset} live={live} />
      <h2>What the sources say</h2>
      <Listings listings={asset.listings} />
      <h2>Ids</h2>
      <Ids ids={asset.ids} />
      <h2>Chains</h2>
      <Chains chains={asset.chains} />
      <h2>Why these are one asset</h2>
      <Merges merges={asset.merges} listings={asset.listings} />
    </>
  );
}

function Listings({ listings }: { listings: Listing[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Listings">
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th><th scope="col">Id there</th><th scope="col">Symbol, name</th>
            <th scope="col" class="number">Price</th>
            <th scope="col" class="number">Market cap</th><th scope="col" class="number">Rank</th><th scope="col">Updated</th>
          </tr>
        </thead>
        <tbody>
          {listings.map(listing => [listing, listing.quoted_at ?? listing.updated_at] as const).map(([listing, at]) => (
            <tr key={listing.listing_id}>
              <th scope="row">{sourceName(listing.source)} {!listing.is_active && <span class="badge warn">inactive</span>}</th>
              <td><code>{listing.external_id}</code></td>
              <td><strong>{listing.symbol}</strong> <span class="name">{listing.name}</span></td>
              <td class="number">{usd(listing.price_usd)}</td>
              <td class="number">{usdLarge(listing.market_cap)}</td>
              <td class="number">{whole(listing.rank)}</td>
              <td><time dateTime={at} title={utc(at)}>{since(at)}</time></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Turns "symbol_name_slug" into "symbol, name and slug". */
function ruleName(rule: string): string {
  switch (rule) {
    case "override":
      return "an operator's override";
    case "contract":
      return "the same contract";
    default:
      return rule.split("_").join(", ").replace(/, (\w+)$/, " and $1");
  }
}

function Merges({ merges, listings }: { merges: Merge[]; listings: Listing[] }) {
  if (merges.length === 0) {
    return <p>Only one listing: there was nothing to merge.</p>;
  }

  const name = (id: string) => {
    const listing = listings.find(candidate => candidate.listing_id === id);
    return listing ? `${sourceName(listing.source)} ${listing.external_id}` : id;
  };
  return (
    <ul class="plain">
      {merges.map(merge => (
        <li key={`${merge.listing_id} ${merge.other_id}`}>
          <strong>{name(merge.listing_id)}</strong> and <strong>{name(merge.other_id)}</strong>,
          by {ruleName(merge.rule)}, confidence {share(merge.confidence)}
          {merge.evidence.length > 0 && <span class="evidence">{merge.evidence.map(item => <code key={item}>{item}</code>)}</span>}
        </li>
      ))}
    </ul>
  );
}
