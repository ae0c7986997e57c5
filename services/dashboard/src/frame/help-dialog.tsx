import { useEffect, useRef } from 'preact/hooks';
import { shortcuts, useShortcutSwitch } from './shortcuts';

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { isOn, toggle } = useShortcutSwitch();
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Help</h2>
      <p>
        Times are UTC; your own time stands behind each. Every figure counts hosts, never events, unless it says
        crashes. Every view has an address that can be shared, every chart a table.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Does</th>
          </tr>
        </thead>
        <tbody>
          {shortcuts.map(({ keys, does }) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input type="checkbox" checked={isOn} onChange={toggle} /> Single keys do this
      </label>
      <p>
        <a href="/api/openapi.json">The query API</a> gives every figure of these pages.
      </p>
      <button type="button" class="button" onClick={() => dialog.current!.close()}>
        Close
      </button>
    </dialog>
  );
}
