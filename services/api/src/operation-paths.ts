/** Every service has these, and who watches over it has no key. They tell nothing of what is stored. */
export const operationPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
