// Packages that carry all they need in one built file, and name what it was built from as dependencies all the same:
// installing those would be 150 packages that nothing loads.
const BUNDLED = new Set(["@scalar/api-reference"]);

export const hooks = {
  readPackage(manifest) {
    return BUNDLED.has(manifest.name) ? { ...manifest, dependencies: {} } : manifest;
  },
};
