import { toCsv, wantsCsv } from './csv';

describe('toCsv', () => {
  it('writes columns in the order asked for, dates as RFC 3339, nothing for null', () => {
    const rows = [{ b: 1, a: new Date(0), c: null }];
    expect(toCsv(['a', 'b', 'c'], rows)).toBe('a,b,c\r\n1970-01-01T00:00:00.000Z,1,\r\n');
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['@cmd,x', '"\'@cmd,x"'],
    ['-5', "'-5"],
  ])('writes %j as %j', (value, cell) => {
    expect(toCsv(['v'], [{ v: value }])).toBe(`v\r\n${cell}\r\n`);
  });

  it('leaves numbers alone', () => expect(toCsv(['v'], [{ v: -5 }])).toBe('v\r\n-5\r\n'));
});

describe('wantsCsv', () => {
  it.each([
    { format: undefined, accept: undefined, csv: false },
    { format: undefined, accept: '*/*', csv: false },
    { format: undefined, accept: 'text/csv', csv: true },
    { format: undefined, accept: 'text/csv;q=0.9, */*', csv: true },
    { format: undefined, accept: 'application/json, text/csv', csv: false },
    { format: 'json' as const, accept: 'text/csv', csv: false },
    { format: 'csv' as const, accept: 'application/json', csv: true },
  ])('$format with $accept: $csv', ({ format, accept, csv }) => expect(wantsCsv(format, accept)).toBe(csv));
});
