module.exports = require('../jest.preset.cjs')(__dirname, {
  testMatch: ['<rootDir>/{integration,e2e,faults,tidy,evaluate,containers}/**/*.spec.ts'],
  testTimeout: 600_000,
});
