import { openApiDocument } from "./openapi-document.ts";
import { createRestRouter } from "./router.ts";

/** The contract of /api/v1 as text, for the committed copy. */
export const printedOpenApi = `${JSON.stringify(openApiDocument(createRestRouter()), null, 2)}\n`;
