import { notifyCommand } from './notify-command';

const read = (...args: string[]) => notifyCommand(args, Date.parse('2026-03-01T12:00:00Z'), {});

it.each([
  { args: [], says: 'wanted one of test, deliveries, resend, resume, got ""' },
  { args: ['dance'], says: 'wanted one of test, deliveries, resend, resume, got "dance"' },
  { args: ['resend', '--receiver', 'chat'], says: 'wanted --incident and --receiver, got one of them' },
  { args: ['resend'], says: 'wanted --incident and --receiver, got neither' },
  {
    args: ['resend', '--incident', 'i', '--receiver', 'r', '--sequence', 'x'],
    says: '--sequence: wanted a whole number',
  },
  { args: ['resume'], says: 'wanted the name of a receiver, got nothing' },
  { args: ['deliveries', '--since', 'ever'], says: '--since: wanted a time such as' },
  { args: ['deliveries', 'chat'], says: 'deliveries takes no "chat"' },
  { args: ['test', '--failed'], says: 'test takes no --failed' },
])('$args: $says', ({ args, says }) => expect(() => read(...args)).toThrow(says));

it('needs Kafka only where the notifier is asked for something', () => {
  expect(read('deliveries', '--failed')).toMatchObject({ needsKafka: false });
  expect(read('resume', 'chat')).toMatchObject({ needsKafka: true });
  expect(read('test')).toMatchObject({ kind: 'alone' });
});
