interface Props<Value extends string> {
  label: string;
  value: Value;
  /** The values with their words. */
  options: ReadonlyArray<readonly [Value, string]>;
  onChoose: (value: Value) => void;
}

export function Select<Value extends string>({ label, value, options, onChoose }: Props<Value>) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value as Value)}>
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
