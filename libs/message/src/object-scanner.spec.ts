import { ObjectScanner, UNSURE, valueKind } from './object-scanner';

const names = ['id', 'host', 'id2', 'list', '__proto__'];
const BEFORE = '{"id":"before",';
const AFTER = '"host":"after"}]}"0,';
const kindNames = Object.fromEntries(Object.entries(valueKind).map(([name, kind]) => [kind, name]));

/** The members that were found, as `kind text`; undefined where the scanner is not sure. */
function scanned(
  json: string | Buffer,
  scanner = new ObjectScanner(names),
  depth = 1,
): Record<string, string> | undefined {
  const bytes = Buffer.concat([BEFORE, json, AFTER].map((each) => Buffer.from(each)));
  const end = bytes.length - AFTER.length;
  const after = scanner.scan(bytes, BEFORE.length, end, depth);
  if (after === UNSURE) return undefined;
  expect(after).toBe(end);
  const members = names.map((name, at) => {
    const text = bytes.toString('utf8', scanner.starts[at], scanner.ends[at]);
    return [name, scanner.kinds[at], `${kindNames[scanner.kinds[at] as number]} ${text}`] as const;
  });
  return Object.fromEntries(members.flatMap(([name, kind, text]) => (kind === valueKind.absent ? [] : [[name, text]])));
}

describe('ObjectScanner', () => {
  it.each([
    ['{}', {}],
    ['{ \n}', {}],
    ['{"id":"a"}', { id: 'ascii a' }],
    ['{"id":""}', { id: 'ascii ' }],
    ['{"host":"h","id":"a"}', { id: 'ascii a', host: 'ascii h' }],
    ['{ "id"\t:\n"a" ,\r"host" : "h" }', { id: 'ascii a', host: 'ascii h' }],
    ['{"id":"é"}', { id: 'utf8 é' }],
    ['{"id":"a\\"}"}', { id: 'escaped a\\"}' }],
    ['{"id":"\u007f"}', { id: 'escaped \u007f' }],
    ['{"id":"é\\n"}', { id: 'escaped é\\n' }],
    ['{"id":-1.5e3}', { id: 'number -1.5e3' }],
    ['{"id":0 }', { id: 'number 0' }],
    ['{"id":[1, "]"] ,"host":{"id":"x"}}', { id: 'array [1, "]"]', host: 'other {"id":"x"}' }],
    ['{"id":true,"host":null,"id2":false}', { id: 'other true', host: 'other null', id2: 'other false' }],
    ['{"more":{"id":"inner"},"id":"a","x":[{"host":1}]}', { id: 'ascii a' }],
    ['{"i":1,"id2":2,"idd":3,"ID":4,"":5}', { id2: 'number 2' }],
    ['{"__proto__":{"a":1},"constructor":1}', { ['__proto__']: 'other {"a":1}' }],
    ['{"é":"é","id":"a"}', { id: 'ascii a' }],
  ])('finds the members of %s', (json, expected) => {
    const found = scanned(json)!;
    expect(Object.entries(found).sort()).toEqual(Object.entries(expected).sort());
  });

  it.each([
    ['{"id":"first","id":"last"}', 'ascii last'],
    ['{"id":"first","host":"h","id":5}', 'number 5'],
    ['{"id":[1],"id":"é"}', 'utf8 é'],
    ['{"id":"\\ud800","id":"last"}', 'ascii last'],
    ['{"id":"last but one","id":"\\u0000"}', 'escaped \\u0000'],
  ])('takes the last of a repeated member: %s', (json, id) => expect(scanned(json)!['id']).toBe(id));

  it.each([
    ...[
      '{',
      '{ ',
      '{,}',
      '{"id"',
      '{"id"}',
      '{"id":',
      '{"id":}',
      '{"id":"a"',
      '{"id":"a",',
      '{"id":"a",}',
      '{"id":"a"]',
      '{"id" "a"}',
    ],
    ...[
      '{"id":"a";"host":"h"}',
      '{"id":"a" "host":"h"}',
      '{id:1}',
      "{'id':1}",
      '{"id":1',
      '{"id":01}',
      '{"id":+1}',
      '{"id":tru}',
      '{"id"::1}',
    ],
    ...[
      '{"id":"a\u0000"}',
      '{"id":"a\n"}',
      '{"id":"a\\x"}',
      '{"id":"\\u12"}',
      '{"id":"a}',
      '{"id":"a\\"}',
      '{"more":[}',
      '{"more":"\\"}',
    ],
    ...['{"id\\u0032":1}', '{"\\u0069d":"a"}', '{"mo\\/re":1}', '{"more":1,,"id":1}', '{"id":1:2}', '{"id":1'],
  ])('is not sure of %j', (json) => expect(scanned(json)).toBeUndefined());

  it('reads nothing beyond the end, wherever that falls', () => {
    const text = '{"id":"a\\u0041é","host":-1.5e10,"more":[true,{"x":null}],"list":[1,"b"]} ';
    const bytes = Buffer.from(text);
    for (let end = 1; end <= bytes.length; end++) {
      const [cut, whole] = [Buffer.alloc(end), new ObjectScanner(names)];
      bytes.copy(cut);
      const alone = whole.scan(cut, 0, end, 1);
      for (const after of ['', '"', '}', ']}', '0', ',"id":1}', 'e5', ':']) {
        const around = Buffer.concat([cut, Buffer.from(after)]);
        expect([end, new ObjectScanner(names).scan(around, 0, end, 1)]).toEqual([end, alone]);
      }
      expect(alone === UNSURE).toBe(end < bytes.length - 1);
    }
  });

  it('finds the same members whatever order the messages before had', () => {
    const scanner = new ObjectScanner(names);
    const orders = [
      '{"id":1,"host":2,"id2":3,"list":[]}',
      '{"list":[],"id2":3,"host":2,"id":1}',
      '{"id2":3,"more":0,"id":1,"host":2,"list":[]}',
    ];
    for (const json of [...orders, ...orders, '{"host":2}', ...orders.reverse(), '{}'])
      expect(scanned(json, scanner)).toEqual(scanned(json));
  });

  it.each([
    ['{"id":"a","more":"b"}', false],
    ['{"id":"é"}', true],
    ['{"é":1}', true],
    ['{"more":"é"}', true],
    ['{"more":[{"a":"é"}]}', true],
    ['{"list":["é"]}', true],
    ['{"id":{"é":1}}', true],
    ['{"id":"é","id":"a"}', true],
    ['{"id":"\\u00e9"}', false],
    ['{"id":"\\n é"}', true],
  ])('sees bytes above 0x7f wherever they stand: %s', (json, expected) => {
    const scanner = new ObjectScanner(names);
    scanned(json, scanner);
    expect(scanner.sawHighBytes).toBe(expected);
  });

  it('counts its own object in the depth', () => {
    const lists = (depth: number) => `{"id":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect([scanned(lists(31)), scanned(lists(32))].map(Boolean)).toEqual([true, false]);
    expect([scanned(lists(29), undefined, 3), scanned(lists(30), undefined, 3)].map(Boolean)).toEqual([true, false]);
    expect(scanned(lists(32).replace('id', 'more'))).toBeUndefined();
  });

  it('gives equal ASCII texts equal hashes', () => {
    const hash = (json: string) => {
      const scanner = new ObjectScanner(names);
      scanned(json, scanner);
      return scanner.hashes[0];
    };
    expect(hash('{"id":"abc"}')).toBe(hash('{"host":1, "id" : "abc"}'));
    expect(hash('{"id":"abc"}')).not.toBe(hash('{"id":"abd"}'));
  });
});
