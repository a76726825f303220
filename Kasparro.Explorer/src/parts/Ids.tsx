import { useEffect, useState } from "preact/hooks";
import type { Asset } from "../api";
import { sourceName } from "../format";

const vocabularies: Record<string, string> = { kasparro: "Kasparro", caip19: "CAIP-19", contract: "Contract", former: "Former id" };

/** All ids of an asset, each with a copy button. */
export function Ids({ ids }: { ids: Asset["ids"] }) {
  const [copied, setCopied] = useState<string | null>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setCopied(null), 2000);
    return () => window.clearTimeout(timer);
  }, [copied]);

  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Ids">
      <table>
        <thead>
          <tr><th scope="col">Vocabulary</th><th scope="col">Id</th><th scope="col"><span class="unseen">Copy</span></th></tr>
        </thead>
        <tbody>
          {ids.map(({ vocabulary, id }) => (
            <tr key={`${vocabulary} ${id}`}>
              <th scope="row">{nameOf(vocabulary)}</th>
              <td class="wrap"><code>{id}</code></td>
              <td class="number">
                <button
                  type="button" class="copy" aria-label={`Copy ${id}`}
                  onClick={() => void copy(id).then(isDone => isDone && setCopied(id))}
                >
                  {copied === id ? "Copied" : "Copy"}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <span class="unseen" role="status">{copied === null ? "" : "Copied"}</span>
    </div>
  );
}

/** The chains that an asset is on. */
export function Chains({ chains }: { chains: Asset["chains"] }) {
  if (chains.length === 0) {
    return <p>No source names a chain.</p>;
  }

  return (
    <ul class="chains">
      {chains.map(chain => (
        <li key={chain.platform}>
          {chain.platform} {chain.is_native && <span class="badge good">native coin</span>}{" "}
          {chain.chain_id !== null && <span class="badge">chain id {String(chain.chain_id)}</span>}
        </li>
      ))}
    </ul>
  );
}

function nameOf(vocabulary: string): string {
  const name = vocabularies[vocabulary] ?? sourceName(vocabulary);
  return name === vocabulary ? vocabulary.toUpperCase() : name;
}

/** Copies text to the clipboard. Pages that are not served over TLS can only do this with a selection. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }

  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}
