import type { ComponentChildren } from 'preact';

interface Props {
  name: string;
  value: ComponentChildren;
  children?: ComponentChildren;
}

/** One figure with its name and what stands behind it; goes into a `<dl class="facts">`. */
export function Fact({ name, value, children }: Props) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="value tabular">{value}</dd>
      {children !== undefined && <dd class="quiet tabular">{children}</dd>}
    </div>
  );
}
