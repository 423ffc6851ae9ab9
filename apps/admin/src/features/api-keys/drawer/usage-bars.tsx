import { barsOf, type Bucket } from "./usage-buckets.ts";
import classes from "./usage-chart.module.css";

/** For an SVG that is as many wide as there are buckets, and 1 high. */
export function Bars({ buckets, end }: { readonly buckets: readonly Bucket[]; readonly end: number }) {
  return barsOf(buckets, end).map(({ x, width, passed, refused }) => (
    <g key={x}>
      <rect className={classes.passed} x={x} y={1 - passed} width={width} height={passed} />
      <rect className={classes.refused} x={x} y={1 - passed - refused} width={width} height={refused} />
    </g>
  ));
}
