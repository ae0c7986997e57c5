/** The statements of a migration. Comments stand on lines of their own and statements end with a semicolon at the end of a line: so we write them. */
export function statementsOf(text: string): string[] {
  const withoutComments = text.replace(/^\s*--.*$/gm, '');
  return withoutComments
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
