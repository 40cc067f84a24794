// The house rules of docs/architecture.md that an import can break. test/architecture.test.ts runs them.

// From the top of the house to the bottom: a room imports only from itself and from rooms before it in this list.
const ROOMS = [
  "errors.ts",
  "math",
  "random",
  "kernels",
  "tensor",
  "nn",
  "distributions",
  "spaces",
  "envs",
  "estimators",
  "exploration",
  "data",
  "algorithms",
  "training",
  "inspection",
  "labs",
  "doctor",
  "index.ts",
  "node",
  "cli",
  "studio",
];

// Rooms that may use Node's own modules; the browser's globals are the business of biome.json.
const OUTER = ["node", "cli", "studio"];

// What each run-time dependency is for, and where it may be imported; of planck the types, its code is in planck.generated.ts.
const PACKAGES = {
  zod: ".*",
  "@noble/hashes": "training",
  planck: "envs/lunar-lander",
  "@mujoco/mujoco": "envs/mujoco",
  jiti: "node",
  "@napi-rs/canvas": "node/animation",
  gifenc: "node/animation",
  commander: "cli",
  piscina: "cli",
};

const pathOf = (room) => (room.endsWith(".ts") ? `^src/${room.replace(".", "\\.")}$` : `^src/${room}/`);
const anyOf = (rooms) => rooms.map(pathOf).join("|");

module.exports = {
  rooms: ROOMS,
  forbidden: [
    ...ROOMS.slice(0, -1).map((room, i) => ({
      name: `import-direction-${room}`,
      comment: `${room} imports from a room below it.`,
      severity: "error",
      from: { path: pathOf(room) },
      to: { path: anyOf(ROOMS.slice(i + 1)) },
    })),
    {
      name: "no-cycles",
      comment: "Two files need each other; types alone may.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "node-only-below",
      comment: `Node's modules belong into ${OUTER.join(", ")}: everything else runs in browsers too.`,
      severity: "error",
      from: { pathNot: anyOf(OUTER) },
      to: { dependencyTypes: ["core"] },
    },
    ...Object.entries(PACKAGES).map(([name, room]) => ({
      name: `package-${name}`,
      comment: `${name} is imported outside its room.`,
      severity: "error",
      from: { pathNot: `^src/${room}/` },
      to: { path: `(^|/)node_modules/${name}/` },
    })),
    {
      name: "package-unlisted",
      comment: "A package that .dependency-cruiser.cjs does not list, or that is no run-time dependency.",
      severity: "error",
      from: {},
      to: { path: "(^|/)node_modules/", pathNot: `(^|/)node_modules/(${Object.keys(PACKAGES).join("|")})/` },
    },
    {
      name: "inside-the-house",
      comment: "The library imports from outside src/.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["local"], pathNot: "^src/|(^|/)node_modules/" },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Tests may import anything; the kernels' sources are AssemblyScript, whose imports end there.
    exclude: { path: "\\.test\\.ts$|^src/kernels/assembly/" },
    doNotFollow: { path: "(^|/)node_modules/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
