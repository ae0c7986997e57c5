import { choose } from '../../frame/address';
import { SearchForm } from '../../parts/search-form';
import { Select } from '../../parts/select';
import type { Update } from '../../read/answers';
import { type Wish, sorts, verdicts } from './choose-updates';

/** What the list is narrowed by. Channels, drivers and vendors are offered as far as the page has seen any. */
export function Filters({ seen, wish }: { seen: readonly Update[]; wish: Wish }) {
  const { q, channel, driver, vendor, verdict, under_way: underWay } = wish.filters;
  return (
    <div class="filters">
      <SearchForm name="q" label="Search" value={q} />
      <Select
        label="Channel"
        value={channel}
        options={optionsOf([channel, ...seen.map((update) => update.update_channel)])}
        onChoose={(chosen) => choose({ channel: chosen })}
      />
      <Select
        label="Driver"
        value={driver}
        options={optionsOf([driver, ...seen.map((update) => update.driver)])}
        onChoose={(chosen) => choose({ driver: chosen })}
      />
      <Select
        label="Vendor"
        value={vendor}
        options={optionsOf([vendor, ...seen.map((update) => update.vendor)])}
        onChoose={(chosen) => choose({ vendor: chosen })}
      />
      <fieldset class="checks">
        <legend>Verdict</legend>
        {verdicts.map((each) => (
          <label key={each} class="check">
            <input
              type="checkbox"
              checked={verdict.includes(each)}
              onChange={() =>
                choose({ verdict: verdicts.filter((other) => verdict.includes(other) !== (other === each)) })
              }
            />{' '}
            {each}
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input
          type="checkbox"
          checked={underWay !== ''}
          onChange={(event) => choose({ under_way: event.currentTarget.checked ? 'true' : '' })}
        />{' '}
        under way only
      </label>
      <div class="narrow-only">
        <Select
          label="Sort by"
          value={wish.sort}
          options={Object.entries(sorts) as Array<[Wish['sort'], string]>}
          onChoose={(sort) => choose({ sort: sort === 'newest' ? '' : sort, order: '' })}
        />
      </div>
    </div>
  );
}

function optionsOf(values: Array<string | null>): Array<[string, string]> {
  const named = [...new Set(values.filter((each): each is string => !!each))].sort();
  return [['', 'any'], ...named.map((each): [string, string] => [each, each])];
}
