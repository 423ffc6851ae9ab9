import type { GraphQLCodegenDataMasking } from "@apollo/client/masking";

declare module "@apollo/client" {
  // The generated types are the masked ones: a component sees what its own operation or fragment asks for.
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}
}
