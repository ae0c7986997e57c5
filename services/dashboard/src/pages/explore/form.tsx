import { useState } from 'preact/hooks';
import { choose } from '../../frame/address';
import { Select } from '../../parts/select';
import { ranges } from '../../parts/time-range';
import { type Dimension, dimensions } from '../../read/answers';
import { type Question, MOST_GROUPS, buckets, names } from './question';

/** What to count: groups, filters, time. Every change is an address of its own. */
export function Form({ question }: { question: Question }) {
  return (
    <section class="card" aria-labelledby="explore-title">
      <h1 id="explore-title">Explore crashes</h1>
      <div class="filters spaced">
        <Groups question={question} />
        <Times question={question} />
        <Select
          label="Bucket"
          value={question.bucket}
          options={buckets.map((each) => [each, each === '' ? 'no time axis' : each] as const)}
          onChoose={(bucket) => chooseBucket(bucket)}
        />
        <Select
          label="Largest groups"
          value={String(question.top)}
          options={['5', '10', '20', '50', '100'].map((each) => [each, each] as const)}
          onChoose={(top) => choose({ top })}
        />
      </div>
      <Filters question={question} />
    </section>
  );
}

/** An empty bucket is a choice, too: it stays in the address. */
function chooseBucket(bucket: string): void {
  choose({ bucket: bucket === '' ? 'none' : bucket });
}

const dimensionOptions = names.map((name) => [name, dimensions[name]] as const);

function Groups({ question: { groupBy } }: { question: Question }) {
  const places = Array.from({ length: Math.min(MOST_GROUPS, groupBy.length + 1) }, (_, at) => at);
  const put = (at: number, name: Dimension | '') => {
    const changed = [...groupBy.slice(0, at), ...(name === '' ? [] : [name]), ...groupBy.slice(at + 1)];
    choose({ group_by: changed.length === 0 ? 'none' : [...new Set(changed)].join(',') });
  };
  return (
    <>
      {places.map((at) => (
        <Select<Dimension | ''>
          key={at}
          label={at === 0 ? 'Group by' : 'then by'}
          value={groupBy[at] ?? ''}
          options={[['', 'nothing'], ...dimensionOptions]}
          onChoose={(name) => put(at, name)}
        />
      ))}
    </>
  );
}

function Times({ question: { range, since, until } }: { question: Question }) {
  const own = [...ranges, ['own', 'own times']] as const;
  const ownTime = (name: 'since' | 'until', value: string) => (
    <label class="field">
      {name === 'since' ? 'From (UTC)' : 'Until (UTC)'}
      <input
        type="datetime-local"
        value={value.slice(0, 16)}
        onChange={(event) =>
          choose({ [name]: event.currentTarget.value && `${event.currentTarget.value}:00Z`, range: '' })
        }
      />
    </label>
  );
  return (
    <>
      <Select
        label="Time"
        value={range}
        options={own}
        onChoose={(chosen) =>
          chosen === 'own'
            ? choose({ since: new Date(Date.now() - 86_400_000).toISOString().slice(0, 16) + ':00Z', range: '' })
            : choose({ range: chosen, since: '', until: '' })
        }
      />
      {range === 'own' && ownTime('since', since)}
      {range === 'own' && ownTime('until', until)}
    </>
  );
}

function Filters({ question: { filters } }: { question: Question }) {
  const [name, setName] = useState<Dimension>('driver');
  const [value, setValue] = useState('');
  const valuesOf = (each: Dimension) => filters.filter((filter) => filter.name === each).map((filter) => filter.value);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() === '') return;
        choose({ [name]: [...new Set([...valuesOf(name), value.trim()])] });
        setValue('');
      }}
    >
      <Select label="Filter" value={name} options={dimensionOptions} onChoose={setName} />
      <label class="field">
        is
        <input type="search" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button">
        Add filter
      </button>
      {filters.map((filter) => (
        <button
          key={`${filter.name} ${filter.value}`}
          type="button"
          class="button chip"
          onClick={() => choose({ [filter.name]: valuesOf(filter.name).filter((each) => each !== filter.value) })}
        >
          {dimensions[filter.name]}: {filter.value} <span aria-hidden="true">×</span>
          <span class="visually-hidden">remove</span>
        </button>
      ))}
    </form>
  );
}
