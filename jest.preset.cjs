/** One Jest set-up for every project: TypeScript by swc, workspace libraries read from their sources. */
module.exports = (rootDir, more = {}) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@ringwatch/', ''),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['development', 'require', 'node', 'default'] },
  ...more,
});
