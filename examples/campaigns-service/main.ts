import { createServer } from "node:http";
import { answer } from "./campaigns.ts";

// Reached by the gateway on this machine, and by nobody else.
createServer(answer).listen(4000, "127.0.0.1", () => console.log("Campaigns on http://127.0.0.1:4000"));
