import { config } from "zod";

// zod tries `new Function` when a schema is made. The policy of the page refuses it, and every visit would report a
// violation. Imported before anything that makes schemas.
config({ jitless: true });
