// The arrows of the house: platform <- accounts <- command-center <- mail, salesforce. Each rule says what to do instead.

/** @param {string} name @param {string} from @param {string[]} not @param {string} comment */
const noArrow = (name, from, not, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^src/(${from})` },
  to: { path: not.map((path) => `^src/${path}`) },
});

// What everything that runs is put together from. Nothing imports it back.
const TOP = ['app\\.module', 'bootstrap', 'main', 'cli', 'openapi', 'config-page', 'pipelines', 'start'].map(
  (file) => `${file}(\\.ts|/)`,
);

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files need each other: move what both need into a third, or let one announce and the other listen.',
      from: {},
      // A type alone is gone before anything runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    noArrow(
      'platform-knows-no-product',
      'platform/',
      ['accounts/', 'command-center/', 'mail/', 'salesforce/', 'sandbox/'],
      'platform/ knows nothing about the product: hand in what it needs (a value, a function, a provider).',
    ),
    noArrow(
      'accounts-stand-on-the-platform',
      'accounts/',
      ['command-center/', 'mail/', 'salesforce/', 'sandbox/'],
      'accounts/ is below the rooms: a room registers with it, or reads through its services.',
    ),
    noArrow(
      'command-center-knows-no-outside',
      'command-center/',
      ['mail/', 'salesforce/', 'sandbox/'],
      'command-center/ changes its own state and tells its listeners (task-listeners.ts): listen there instead.',
    ),
    noArrow(
      'people-know-no-tasks',
      'command-center/people/',
      ['command-center/(?!people/)'],
      'people/ is the lowest room of the Command Center: a room above it reads people, not the other way round.',
    ),
    noArrow(
      'tasks-know-only-people',
      'command-center/tasks/',
      ['command-center/(?!people/|tasks/)'],
      'tasks/ may use people/ only: rooms above register as listeners of task changes.',
    ),
    noArrow(
      'content-knows-no-room',
      'command-center/content/',
      ['accounts/', 'command-center/(?!content/)'],
      'content/ makes text out of values, without a database: hand in what it needs.',
    ),
    noArrow(
      'templates-know-only-people',
      'command-center/templates/',
      ['command-center/(?!people/|content/|files/|templates/)'],
      'templates/ may use people/, content/ and files/ only: rooms above read templates through their service.',
    ),
    noArrow(
      'files-know-no-room',
      'command-center/files/',
      ['command-center/(?!files/)'],
      'files/ keeps bytes: rooms above name them, and register the tables in which they do.',
    ),
    noArrow(
      'senders-know-no-room',
      'command-center/senders/',
      ['command-center/(?!senders/)'],
      'senders/ is who emails go out as, and by which server: rooms above read it.',
    ),
    noArrow(
      'mail-and-salesforce-are-strangers',
      'mail/',
      ['salesforce/', 'sandbox/'],
      'mail/ brings emails out and back and knows nothing of Salesforce: both listen to command-center/.',
    ),
    noArrow(
      'salesforce-and-mail-are-strangers',
      'salesforce/',
      ['mail/'],
      'salesforce/ knows nothing of how emails go out: both listen to command-center/.',
    ),
    noArrow(
      'salesforce-client-is-a-client',
      'salesforce/client/',
      ['command-center/'],
      'client/ speaks with Salesforce and knows nothing of tasks and people: map in task-sync/.',
    ),
    noArrow(
      'salesforce-base-knows-no-sync',
      'salesforce/(client|connection|api-budget)/',
      ['salesforce/(org-loop|task-sync|diagnostics)/'],
      'client/, connection/ and api-budget/ are below the syncs: announce (connected, disconnected) and let them listen.',
    ),
    noArrow(
      'config-knows-nobody',
      'config/',
      ['(?!config/)'],
      'config/ only reads the environment: whoever needs a value takes it from Config.',
    ),
    {
      ...noArrow(
        'no-sandbox-in-production',
        '',
        ['sandbox/'],
        'Sandbox parts are stand-ins: only start.ts and tests use them.',
      ),
      from: { path: '^src/', pathNot: ['^src/sandbox/', '^src/start\\.ts$'] },
    },
    {
      ...noArrow(
        'nobody-imports-the-top',
        '',
        TOP,
        'This file puts the rooms together: export what you need from a room.',
      ),
      from: { path: '^src/(platform|accounts|command-center|mail|salesforce|config)/' },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      comment: 'Production code does not import tests: move the helper to where it belongs.',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies-in-production',
      severity: 'error',
      comment: 'It is not installed in production: move the package to dependencies, or the code to src/sandbox.',
      from: { path: '^src/', pathNot: ['^src/sandbox/', '^src/start\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'There is no such file or package: relative imports end in .js.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(metadata\\.ts$|web/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
