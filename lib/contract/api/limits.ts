const DAY = 86_400_000;

/** Bounds of the public contract, each declared once: the gateway's checks and its documents both read them here. */
export const LIMITS = {
  /** bytes of the body of a batch */
  body: 8 * 1024 * 1024,
  /** bytes of any other body: a question, a note, a transition */
  question: 1024 * 1024,
  /** numbers, texts, lists and objects in the body of a question */
  questionParts: 60_000,
  /** items of one batch, and bytes of one item of it */
  batch: { items: 50_000, item: 256 * 1024 },
  /** wrong fields that a refusal names one by one */
  errors: 100,
  /**
   * bodies on their way. One of at most `small` bytes is read as it comes, all such together hold `smallInAll`: past it,
   * the one that has been coming the longest is refused. Larger ones are read when their turn comes, so that all that
   * are read or judged hold `points` bytes; they wait for it for so many seconds, and while others wait, one that is
   * read has `paceSeconds` to come, and must not stop for longer than `stopSeconds`
   */
  bodies: {
    small: 64 * 1024,
    smallInAll: 8 * 1024 * 1024,
    points: 16 * 1024 * 1024,
    atOnce: 64,
    perAddress: 16,
    waiting: 256,
    waitingPerAddress: 64,
    seconds: 30,
    paceSeconds: 10,
    stopSeconds: 3,
  },
  /** ms that the head of a request has to come, and its body once it is its turn to be read */
  request: 15_000,
  /**
   * ms that a connection is kept without a request: longer than a publisher waits between two batches and than a proxy keeps
   * one (60 s as a rule), so that it is the other side that closes it, and no request meets a connection that is closing
   */
  idleConnection: 65_000,
  /**
   * what one address may ask for: so much a second over time, and that of so many seconds at once, which is what 1,000 walls
   * behind one address ask for that load their pages anew. A question counts one, a page and a file as much as said; what is
   * posted in batches has limits of its own. So many addresses are remembered
   */
  addresses: { rate: 1_000, burstSeconds: 40, costs: { question: 1, page: 20, file: 0.1 }, kept: 20_000 },
  /** connections open at once; one more is closed unanswered */
  connections: 8_192,
  /**
   * share of the descriptors that the system lets the gateway open: from the first on it warns, from the second on it is
   * not ready, as neither a connection nor a file of the journal might find one left
   */
  descriptors: { warn: 0.8, refuse: 0.95 },
  /** notes written or taken away from one address, a second and at once */
  notes: { rate: 0.5, burst: 30 },
  /**
   * characters of an account's name, of what pages call him and of a password (ASVS 5.0, 6.2.1 and 6.2.9); cities that rights name, and
   * places of one of them
   */
  accounts: { nameLength: 64, titleLength: 80, passwordLength: { least: 12, most: 256 }, scopes: 50, districts: 200 },
  /** sign-ins and one-time links from one address, a second and at once: a shift that begins may come through one proxy */
  signIn: { rate: 1, burst: 60 },
  /**
   * displays, by address, a second and at once: codes asked for; questions and reports of displays, of which a thousand may stand
   * behind one address; codes that somebody enters
   */
  displays: {
    pairings: { rate: 0.2, burst: 30 },
    polls: { rate: 100, burst: 2_000 },
    claims: { rate: 0.2, burst: 20 },
  },
  /** addresses that a token names, characters of its note, and seconds for which the one before a rotated one stays valid */
  tokens: { addresses: 32, note: 200, grace: { usual: 86_400, most: 30 * 86_400 } },
  /**
   * lines of one answer of the audit log, characters of a word that is looked for, files and checks of it from one address, a second and
   * at once, and values of an answer from which on it is an export, which is audited
   */
  audit: { page: 1_000, text: 200, files: { rate: 0.2, burst: 10 }, checks: { rate: 1, burst: 10 }, values: 50_000 },
  /** bytes of one message over the live socket */
  message: 1 << 20,
  /**
   * items of a batch whose refusal is told one by one; the rest are counted only, so that a bad batch cannot make a
   * huge answer
   */
  rejections: 1_000,
  /** size of a value: sums and products of as many as can be kept stay finite in both engines */
  value: 1e100,
  /** a value that is not 0 is at least of this size: a mean or a rate of such never falls below what a double holds */
  smallest: 1e-100,
  /** characters of a text, by what it is */
  text: { title: 400, stage: 40, source: 120, unit: 80, label: 60, note: 500, display: 60 },
  /** stages of an event, at least and at most */
  stages: { least: 2, most: 12 },
  /** steps that one event keeps. A version that would bring more is refused, so that none is lost unseen */
  steps: 200,
  /** 1 minor .. 4 extreme */
  severity: { least: 1, most: 4 },
  /** degrees and km/h */
  longitude: 180,
  latitude: 90,
  heading: 360,
  speed: 1_000,
  /**
   * questions to the store: answered at once, in all and for one address, and waiting. They wait and are answered for
   * so many seconds each, and what is answered has so many to be taken; `points`: values of all that is on its way
   */
  questions: {
    atOnce: 8,
    perAddress: 4,
    waiting: 400,
    waitingPerAddress: 100,
    seconds: 30,
    taking: 120,
    points: 1_500_000,
  },
  /** workbooks and Arrow files: each is made by a process of its own, which may take so many seconds and MB */
  exports: { atOnce: 2, perAddress: 1, waiting: 20, waitingPerAddress: 5, seconds: 120, megabytes: 1_024 },
  /** topics that one question for a snapshot may name */
  snapshotTopics: 500,
  /** moments that may be asked about: ms since 1970, and ms that a range may reach beyond the gateway's clock */
  moments: { first: 0, ahead: 366 * DAY },
  history: {
    /** topics of one question */
    topics: 500,
    /** values of one answer: topics x buckets x aggregates */
    points: 500_000,
    /** ms between the ends of a question for quality, whose answer has a row for each hour */
    qualityRange: 400 * DAY,
    /** ms between the ends of a question for events, and events that lie in them at most */
    eventsRange: 3_660 * DAY,
    events: 50_000,
    /** versions of an event of one answer; the first are told */
    reports: 500,
    /** notes of one answer; those that begin last are told */
    annotations: 1_000,
    /** ms that readings may be thinned out by */
    downsample: DAY,
    /** seconds that a reading may lie before the moment it is asked for */
    tolerance: 36_600 * 86_400,
  },
  /** topics of a past state and of what changed after it; points of all charts of a past state */
  pastTopics: 2_000,
  pastPoints: 1_000_000,
  /** ms between the ends of a question for changes */
  changesRange: DAY,
  /** most of what one request for values may name */
  values: { topics: 2_000, values: 20_000, moments: 200 },
  live: {
    /** topics that one connection is told of; those beyond are refused by name */
    topics: 2_000,
    /** topics that one subscription may name */
    asked: 4_000,
    /** characters of a topic's name */
    topicName: 200,
    /** charts of one topic */
    spans: 8,
    /** live connections at once; one more is told to come again */
    connections: 4_096,
    /** screens that one connection follows; the one followed longest gives way to another */
    screens: 64,
    /**
     * points of the past that one subscription may ask for, what its charts hold at the most: a screen asks for 5,000,
     * and so many take about 50 ms to be answered
     */
    points: 200_000,
    /** the same of all subscriptions of one connection, a second and at once */
    pointsRate: { rate: 50_000, burst: 400_000 },
    /** subscriptions of one connection, a second and at once */
    subscriptions: { rate: 20, burst: 40 },
    /** subscriptions of one connection that wait for their answer */
    unanswered: 4,
    /** messages of one connection, a second and at once */
    messages: { rate: 50, burst: 200 },
    /** bytes of them, a second and at once */
    bytes: { rate: 1 << 20, burst: 8 << 20 },
    /**
     * bytes that may wait to be sent to one connection, and to all of them: whoever holds the most is cut. While all hold more than
     * half of it, snapshots wait to be made, those of at most so many points of the past only while all hold more than three quarters,
     * so that a wall does not stand behind those who ask for much; and who has left anything waiting for so many ms gives way
     */
    waiting: 24 << 20,
    waitingInAll: 32 << 20,
    smallPoints: 20_000,
    givesWay: 3_000,
    /** ms that a connection may leave more than a megabyte waiting */
    stalled: 60_000,
  },
} as const;
