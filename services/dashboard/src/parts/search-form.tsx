import { useEffect, useState } from 'preact/hooks';
import { choose } from '../frame/address';

interface Props {
  /** The parameter of the address that holds what was searched for. */
  name: string;
  label: string;
  value: string;
}

/** A field that narrows what is shown, with Enter or when it is left. */
export function SearchForm({ name, label, value }: Props) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const apply = () => {
    if (typed.trim() !== value) choose({ [name]: typed.trim() });
  };
  return (
    <form
      class="field"
      role="search"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label>
        {label}
        <input
          type="search"
          name={name}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={apply}
        />
      </label>
    </form>
  );
}
