/** Imports go one way. Each ban says why. */
/** Lets `from` import nothing of ours but `allowed`; `types`: "type-only" lets it name types of anything. */
const only = (name, from, allowed, comment, types) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: {
    path: "^(app|components|lib|cities|mock-feeds|server|cli|generator|model|torture|bench|e2e|scripts)/",
    pathNot: allowed,
    ...(types ? { dependencyTypesNot: [types] } : {}),
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      comment: "A circle has no direction: neither side can be understood or tested without the other.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only(
      "clock-alone",
      "^lib/clock/",
      "^lib/clock/",
      "Time is the lowest layer; everything may stand on it, so it stands on nothing.",
    ),
    only(
      "contract-alone",
      "^lib/contract/",
      "^lib/contract/",
      "The contract is shared by gateway and browser: what it imports, both would have to carry.",
    ),
    only(
      "files-below",
      "^lib/files/",
      "^lib/(files|clock)/",
      "How files are written, held and kept aside knows nothing of what is in them.",
    ),
    only(
      "processes-below",
      "^lib/processes/",
      "^lib/(processes|clock)/",
      "How a process is started, watched and ended knows nothing of what it does.",
    ),
    only(
      "cities-below",
      "^lib/cities/",
      "^lib/(cities|contract|clock)/",
      "Reading configuration must not depend on who serves or draws it.",
    ),
    only(
      "maps-below",
      "^lib/maps/",
      "^lib/(maps|files|contract|clock)/",
      "Archives are read and kept the same way whether a command adds them or the gateway serves them.",
    ),
    only(
      "control-below",
      "^lib/control/",
      "^lib/(control|clock|contract|processes)/",
      "Control data is kept the same way whoever reads or changes it.",
    ),
    only(
      "gateway-below",
      "^lib/gateway/",
      "^lib/(gateway|history/(client|writer|config)|control/refusal|contract|clock|cities|feeds|files|maps)",
      "The gateway runs without a browser and without any widget; the check of tiles is handed to it. " +
        "The store is another process: what is asked of it goes through the client.",
      "type-only",
    ),
    only(
      "history-writer-below",
      "^lib/history/writer/",
      "^lib/(history/writer|contract|clock|files)/",
      "The journal is written where readings are acknowledged and must not wait for, or load, an engine.",
    ),
    only(
      "history-store-below",
      "^lib/history/store/",
      "^lib/(history/(store|writer|config)|contract|clock|files)",
      "The store's process takes the journal in and answers; it knows nothing of who asks.",
      "type-only",
    ),
    only(
      "history-client-below",
      "^lib/history/client/",
      "^lib/(history/(client|writer|config)|contract|clock|files|processes)",
      "The client reaches the store by messages alone: loading an engine would bring the other process into this one.",
      "type-only",
    ),
    only(
      "live-below",
      "^lib/live/",
      "^lib/(live|contract|clock)/",
      "The live store knows data, not what it is drawn with.",
    ),
    only(
      "ui-below",
      "^components/ui/",
      "^(components/ui|lib/(live|contract|clock))/",
      "Primitives are used by widgets, so they know none.",
    ),
    only(
      "widgets-below",
      "^components/widgets/",
      "^(components/(widgets|ui)|lib/(live|contract|clock))/",
      "A widget is drawn by the wall, the district page and the gallery alike, so it knows none of them.",
    ),
    only(
      "page-below",
      "^components/page/",
      "^(components/(page|ui)|lib/(live|contract|clock))/",
      "The shell of every page (connection, time, language, title bar) knows nothing of what a page shows.",
    ),
    only(
      "wall-below",
      "^components/wall/",
      "^(components/(wall|page|widgets|ui)|lib/(live|contract|clock))/",
      "The wall is what features build on.",
    ),
    only(
      "features-below",
      "^components/(analysis|compare|displays|district|events|gallery|home|indicators|metric|pair)/",
      "^(components/(wall|page|widgets|ui|analysis|compare|displays|district|events|gallery|home|indicators|metric|pair)|" +
        "lib/(live|contract|clock))/",
      "Pages of the product use the wall and never the gateway's code: they run in the browser.",
    ),
    only(
      "app-thin",
      "^(app|proxy)",
      "^(app|components|lib/(contract|live|clock))",
      "Routes fetch and hand over; what they know of data is the contract.",
    ),
    only(
      "generator-below",
      "^generator/",
      "^(generator|components/widgets|lib/(contract|clock|cities|history/config))",
      "What writes a city's files knows their form and nothing of how they are served.",
    ),
    only(
      "server-composes",
      "^server/",
      "^(server|lib|components/widgets/(check-tile|screen-topics)|mock-feeds/index)",
      "Processes are put together here; commands and generators stay out of them.",
    ),
    only(
      "mocks-apart",
      "^mock-feeds/",
      "^mock-feeds/",
      "A mock that shared code with the product would be wrong in the same place and prove nothing.",
    ),
    {
      name: "oracle-alone",
      severity: "error",
      comment: "An oracle that shared code with the product would be wrong in the same place and prove nothing.",
      from: { path: "^model/oracle\\.ts$" },
      to: { path: ".+" },
    },
    {
      name: "no-sibling-widgets",
      severity: "error",
      comment: "One widget, one folder: two that need the same thing take it from ui or the contract.",
      from: { path: "^components/widgets/([^/]+)/" },
      to: { path: "^components/widgets/([^/]+)/", pathNot: "^components/widgets/$1/" },
    },
    {
      name: "no-sibling-layers",
      severity: "error",
      comment: "One layer, one folder, as with widgets.",
      from: { path: "^components/widgets/map/layers/([^/]+)/" },
      to: { path: "^components/widgets/map/layers/([^/]+)/", pathNot: "^components/widgets/map/layers/$1/" },
    },
    {
      name: "no-sibling-features",
      severity: "error",
      comment: "Features meet in app/ and nowhere else.",
      from: { path: "^components/(analysis|compare|displays|district|events|gallery|home|indicators|metric|pair)/" },
      to: {
        path: "^components/(analysis|compare|displays|district|events|gallery|home|indicators|metric|pair)/",
        pathNot: "^components/$1/",
      },
    },
    {
      name: "no-sibling-mocks",
      severity: "error",
      comment: "Systems are independent in a city and in here; what they share is their place and mock-feeds/kit.",
      from: { path: "^mock-feeds/([^/]+)/([^/]+)/", pathNot: "^mock-feeds/kit/|\\.test\\.ts$" },
      to: { path: "^mock-feeds/([^/]+)/([^/]+)", pathNot: "^mock-feeds/(kit/|$1/($2/|place))" },
    },
    {
      name: "definitions-without-views",
      severity: "error",
      comment: "The gateway loads every definition: a definition that drew in React or WebGL would drag them along.",
      from: { path: "definition\\.ts$" },
      to: { path: "^node_modules/(react|echarts|@deck\\.gl|maplibre-gl|next)|\\.tsx$" },
    },
    {
      name: "schemas-as-types",
      severity: "error",
      comment:
        "Pages take the contract's types; its schemas would bring a validator and every route's words to each wall.",
      from: { path: "^(app|components|lib/live|lib/contract/[^/]+\\.ts$)", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^lib/contract/api/", pathNot: "/limits\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "not-unlisted",
      severity: "error",
      comment: "A package that is not in package.json is there by luck.",
      from: { pathNot: "node_modules" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    exclude: { path: "\\.next|test-results" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
