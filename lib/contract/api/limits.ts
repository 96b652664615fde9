/** Bounds of the public contract, each declared once: the gateway's checks and its documents both read them here. */
export const LIMITS = {
  /** bytes of a request's body */
  body: 8 * 1024 * 1024,
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
  text: { title: 400, stage: 40, source: 120, unit: 80, label: 60, note: 500 },
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
  /** topics that one question for a snapshot may name */
  snapshotTopics: 500,
  history: {
    /** topics of one question */
    topics: 500,
    /** values of one answer: topics x buckets x aggregates */
    points: 500_000,
  },
  /** topics of a past state and of what changed after it */
  pastTopics: 2_000,
  /** ms between the ends of a question for changes */
  changesRange: 86_400_000,
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
  },
} as const;
