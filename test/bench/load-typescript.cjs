/**
 * Lets Node load the TypeScript of this folder, translated by swc like the specs are; types are checked by `tsc -b`.
 * Required by run.mjs, and started as a program it runs the file that its first argument names:
 *
 *   node test/bench/load-typescript.cjs test/bench/events/produce.ts '{"settings": 1}'
 */
'use strict';

const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

if (require.main === module) require(resolve(process.argv[2]));
