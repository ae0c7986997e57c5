import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { deliveryKey, problemWithSecret, sign, verify } from './sign';

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const newer = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const content = {
  id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  at: new Date(1_674_087_231_000),
  body: '{"type":"alert.firing","timestamp":"2024-07-19T04:31:00Z","data":{"id":"a1"}}',
};

it('signs the known example as known', () => {
  expect(sign(content, [secret])).toEqual({
    'webhook-id': content.id,
    'webhook-timestamp': '1674087231',
    'webhook-signature': 'v1,vfMOCd6I/K3HtYxxUK3U7aXKuwoG4/n0cZNdC3NM2jA=',
  });
});

it('is accepted by the standardwebhooks package, with either of two secrets, and not when a byte differs', () => {
  const at = new Date();
  const headers = { ...sign({ ...content, at }, [newer, secret]) };
  expect(new Webhook(secret).verify(content.body, headers)).toEqual(JSON.parse(content.body));
  expect(new Webhook(newer).verify(content.body, headers)).toEqual(JSON.parse(content.body));
  expect(() => new Webhook(other).verify(content.body, headers)).toThrow();
  expect(() => new Webhook(secret).verify(content.body.replace('a1', 'a2'), headers)).toThrow();
});

it('accepts what the standardwebhooks package signs, whatever the content', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ minLength: 24, maxLength: 64 }), (body, key) => {
      const own = `whsec_${Buffer.from(key).toString('base64')}`;
      const signature = new Webhook(own).sign('msg_1', content.at, body);
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1674087231', 'webhook-signature': signature };
      expect(verify(headers, body, { secrets: [own], now: content.at })).toEqual({ kind: 'genuine', id: 'msg_1' });
    }),
  ));

const later = (seconds: number) => new Date(content.at.getTime() + seconds * 1000);
const signed = { ...sign(content, [secret]) };

it.each([
  { name: 'the same moment', headers: signed, now: later(0), kind: 'genuine' },
  { name: '5 minutes old', headers: signed, now: later(300), kind: 'genuine' },
  { name: 'older', headers: signed, now: later(301), kind: 'refused' },
  { name: 'from 5 minutes ahead', headers: signed, now: later(-300), kind: 'genuine' },
  { name: 'from further ahead', headers: signed, now: later(-301), kind: 'refused' },
  { name: 'no headers', headers: {}, now: later(0), kind: 'refused' },
  { name: 'a moment that is none', headers: { ...signed, 'webhook-timestamp': 'now' }, now: later(0), kind: 'refused' },
  { name: 'another id', headers: { ...signed, 'webhook-id': 'msg_2' }, now: later(0), kind: 'refused' },
  { name: 'a short signature', headers: { ...signed, 'webhook-signature': 'v1,AA==' }, now: later(0), kind: 'refused' },
  {
    name: 'a signature of another kind before ours',
    headers: { ...signed, 'webhook-signature': `v1a,AAAA ${signed['webhook-signature']}` },
    now: later(0),
    kind: 'genuine',
  },
])('$name is $kind', ({ headers, now, kind }) =>
  expect(verify(headers, content.body, { secrets: [secret], now }).kind).toBe(kind),
);

it.each([
  { name: 'of 24 bytes', text: `whsec_${Buffer.alloc(24).toString('base64')}`, problem: undefined },
  { name: 'of 64 bytes', text: `whsec_${Buffer.alloc(64).toString('base64')}`, problem: undefined },
  { name: 'of 23 bytes', text: `whsec_${Buffer.alloc(23).toString('base64')}`, problem: 'got 23 bytes' },
  { name: 'of 65 bytes', text: `whsec_${Buffer.alloc(65).toString('base64')}`, problem: 'got 65 bytes' },
  { name: 'without its prefix', text: 'hunter2hunter2', problem: 'got no whsec_ at its start' },
  { name: 'that is not base64', text: 'whsec_hunter2!', problem: 'got other characters than base64 has' },
])('a secret $name', ({ text, problem }) => {
  const found = problemWithSecret(text);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
  expect(found ?? '').not.toContain('hunter2');
});

it('gives each change at each receiver one key without a dot', () => {
  const key = deliveryKey('ops', { incident_id: 'inc.1', sequence: 1 });
  expect(key).toMatch(/^msg_[A-Za-z0-9_-]{32}$/);
  expect(deliveryKey('ops', { incident_id: 'inc.1', sequence: 1 })).toBe(key);
  const others = [
    deliveryKey('dev', { incident_id: 'inc.1', sequence: 1 }),
    deliveryKey('ops', { incident_id: 'inc.2', sequence: 1 }),
    deliveryKey('ops', { incident_id: 'inc.1', sequence: 2 }),
    deliveryKey('ops","inc', { incident_id: '1', sequence: 1 }),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
});
