import classes from "./brand.module.css";

/** The product's mark beside its name. */
export function Brand({ name }: { readonly name: string }) {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" className={classes.tile} />
        <g fill="none" stroke="#fff" strokeWidth="2.75" strokeLinecap="round" strokeLinejoin="round">
          <circle cx="12" cy="20" r="4.5" />
          <path d="M15.4 16.6 24 8M20.5 11.5l3 3" />
        </g>
      </svg>
      {name}
    </span>
  );
}
