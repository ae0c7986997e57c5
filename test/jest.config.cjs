module.exports = require('../jest.preset.cjs')(__dirname, {
  testMatch: ['<rootDir>/{integration,e2e,faults,tidy,evaluate}/**/*.spec.ts'],
  testTimeout: 600_000,
});
