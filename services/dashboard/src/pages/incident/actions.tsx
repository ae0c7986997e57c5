import { useState } from 'preact/hooks';
import type { Incident } from '../../read/incident-answers';
import { mayAct, useSession } from '../../read/session';
import { ActionForm } from './action-form';
import { type ActionName, actions, isPossible } from './action-kinds';

/** What people can do with the incident. Each is an input of the detector, which alone changes incidents. */
export function Actions({ incident, path, onSent }: { incident: Incident; path: string; onSent: () => void }) {
  const isAllowed = mayAct(useSession());
  const [chosen, setChosen] = useState<ActionName>();
  const [sentAt, setSentAt] = useState<number>();
  const possible = (Object.keys(actions) as ActionName[]).filter((name) => isPossible(name, incident));
  if (possible.length === 0 || !isAllowed) return null;
  const sent = () => {
    setChosen(undefined);
    setSentAt(incident.sequence);
    onSent();
  };
  return (
    <section class="card actions" aria-label="What you can do">
      <div class="controls">
        {possible.map((name) => (
          <button
            key={name}
            type="button"
            class={name === possible[0] ? 'button main' : 'button'}
            aria-expanded={chosen === name}
            data-shortcut={name === 'acknowledge' ? 'a' : undefined}
            onClick={() => setChosen(chosen === name ? undefined : name)}
          >
            {actions[name].title}
          </button>
        ))}
        <span class="quiet" role="status">
          {sentAt === incident.sequence && 'Taken. It stands in the timeline with the next tick of arrival time.'}
        </span>
      </div>
      {chosen !== undefined && (
        <ActionForm key={chosen} name={chosen} path={path} onSent={sent} onLeave={() => setChosen(undefined)} />
      )}
    </section>
  );
}
