const width = 96;
const height = 28;

/** Prices as a small line, oldest first. The changes next to it give the same information as numbers. */
export function Sparkline({ prices }: { prices: number[] }) {
  const [lowest, highest] = [Math.min(...prices), Math.max(...prices)];
  if (prices.length < 2 || !Number.isFinite(highest - lowest)) {
    return null;
  }

  const y = (price: number) => height - 2 - (highest === lowest ? 0.5 : (price - lowest) / (highest - lowest)) * (height - 4);
  const points = prices.map((price, index) => `${(index / (prices.length - 1) * width).toFixed(1)},${y(price).toFixed(1)}`).join(" ");
  return (
    <svg
      class={`spark ${prices.at(-1)! < prices[0]! ? "down" : "up"}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <polyline points={points} />
    </svg>
  );
}
