import { useEffect, useState } from "preact/hooks";
import type { AssetPageData, AssetRow } from "../api";
import { useResource } from "../resource";

export interface Compared {
  id: string;
  name: string;
}

interface Props {
  than: string;
  compared: Compared | null;
  change: (compared: Compared | null) => void;
}

/** Picks an asset to compare with, by a part of its name or symbol. */
export function CompareWith({ than, compared, change }: Props) {
  const [text, setText] = useState("");
  const [sought, setSought] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => setSought(text.trim()), 250);
    return () => window.clearTimeout(timer);
  }, [text]);

  const found = useResource<AssetPageData>(`/data?page_size=10${sought ? `&q=${encodeURIComponent(sought)}` : ""}`);
  const rows = (found.data?.data ?? []).filter(row => row.asset_id !== than);
  const choose = (value: string) => {
    setText(value);
    const row = rows.find(candidate => optionOf(candidate) === value);
    if (row) {
      change({ id: row.asset_id, name: row.symbol });
      setText("");
    }
  };
  if (compared) {
    return (
      <span class="compare">
        <span><span class="other">╌╌</span> {compared.name}</span>
        <button type="button" onClick={() => change(null)}>Stop comparing</button>
      </span>
    );
  }

  return (
    <label class="compare">
      Compare with
      <input
        type="search" list="comparable" maxLength={200} placeholder="symbol or name" value={text}
        onInput={event => choose(event.currentTarget.value)}
      />
      <datalist id="comparable">
        {rows.map(row => <option key={row.asset_id} value={optionOf(row)} />)}
      </datalist>
    </label>
  );
}

function optionOf(row: AssetRow): string {
  return `${row.symbol} ${row.name}`;
}
