import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signatureOf } from './signature';

const folder = join(__dirname, '..', 'cases');

/** `UPDATE_CASES=1 npx jest -c libs/signature/jest.config.cjs` writes what comes out now; the diff is to be read. */
const isUpdate = process.env['UPDATE_CASES'] === '1';

interface Case {
  about: string;
  /** The fields of a bugcheck that count, as the contract has them. */
  event: { bugcheck_code: string; bugcheck_parameters: string[]; driver: string; fault_offset?: string };
  signature?: { text: string; fineText: string; parts: unknown[] };
}

function read(file: string): Case {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case;
}

function signed({ event }: Case) {
  return signatureOf({
    bugcheck_code: Number(event.bugcheck_code),
    bugcheck_parameters: event.bugcheck_parameters.map(BigInt),
    driver: event.driver,
    fault_offset: event.fault_offset === undefined ? null : BigInt(event.fault_offset),
  });
}

describe('the golden cases', () => {
  const files = readdirSync(folder);

  it.each(files)('%s', (file) => {
    const { about, event, signature } = read(file);
    const made = signed({ about, event });
    if (isUpdate) writeFileSync(join(folder, file), `${JSON.stringify({ about, event, signature: made }, null, 2)}\n`);
    else expect(made).toEqual(signature);
  });

  it.each([
    ['the same after another boot', 'july-2024.json', 'another-boot.json', 'fineText'],
    ['the same in another build of the driver, at the coarse level', 'july-2024.json', 'another-build.json', 'text'],
    ['the same with a small dump', 'without-the-twin-bit.json', 'small-dump-twin.json', 'fineText'],
    ['the same with a status of 32 bits', 'without-the-twin-bit.json', 'status-32-bit.json', 'fineText'],
  ] as const)('are %s', (_, one, other, level) => expect(signed(read(one))[level]).toBe(signed(read(other))[level]));

  it('are different where another thing went wrong, or elsewhere', () => {
    const different = [
      'july-2024.json',
      'written.json',
      'driver-unknown.json',
      'dpc-too-long.json',
      'dispatch-too-long.json',
    ];
    expect(new Set(different.map((file) => signed(read(file)).text)).size).toBe(different.length);
  });
});
