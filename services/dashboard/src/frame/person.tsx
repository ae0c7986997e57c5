import { become, useSession } from '../read/session';

/** Who is signed in, and the way out. */
export function Person() {
  const session = useSession();
  if (typeof session !== 'object' || session.name === null) return null;
  const leave = () =>
    void fetch('/api/v1/session/end', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).then(() => become('out'));
  return (
    <span class="quiet person">
      {session.name}
      {session.orgs.length > 0 && ` for ${session.orgs.join(', ')}`}{' '}
      <button type="button" class="button" onClick={leave}>
        Sign out
      </button>
    </span>
  );
}
