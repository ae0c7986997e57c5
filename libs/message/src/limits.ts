/** The largest message that is taken, in bytes (contract, section 2). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** How deep a message may be nested; its outermost object is depth 1. */
export const MAX_MESSAGE_DEPTH = 32;
/** 1 January 2000, the earliest that an event may have occurred (ms since 1970 UTC); and how far ahead of its record it may be. */
export const EARLIEST_EVENT_MS = Date.UTC(2000, 0, 1);
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;
