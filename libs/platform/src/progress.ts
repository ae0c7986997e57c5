/** Gets one line at a time of what is going on, for a person who waits. */
export type Progress = (line: string) => void;

/** For callers that do not care. */
export const silent: Progress = () => undefined;
