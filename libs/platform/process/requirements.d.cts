/**
 * Something that the embedded platform needs is missing or taken. The message has four parts, also readable one by
 * one: what is wrong, what was wanted, what was found, and what a person can do next.
 */
export declare class PlatformError extends Error {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly next: string;
  constructor(parts: { what: string; wanted: string; got: string; next: string }, options?: ErrorOptions);
}
/** Throws a PlatformError below Node 20.19. */
export declare function requireNode(version?: string): void;
/** The java command, at least version 17; throws a PlatformError when there is none. */
export declare function requireJava(env?: NodeJS.ProcessEnv): string;
/** The mvn command; throws a PlatformError when there is none. */
export declare function requireMaven(env?: NodeJS.ProcessEnv): string;
/** Creates the folder; throws a PlatformError when its disk has less than `minBytes` (1 GiB) left. */
export declare function requireDisk(folder: string, minBytes?: number): void;
/** The version of Kafka that pom.xml names. */
export declare function kafkaVersion(): string;
/** `.ringwatch` at the root of the workspace: jars, data, logs, temporary folders; ignored by git. */
export declare const workFolder: string;
/** The folder that set-up fills with Kafka's jars; complete when it has a file named `complete`. */
export declare function kafkaJarsFolder(): string;
