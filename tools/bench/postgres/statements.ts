/** A profile a row, with the totals Hearth keeps as well, and every write as an event, so that a timeline can be shown. */
export const schema = `
  create table profiles (
    external_id text primary key,
    attributes jsonb not null default '{}',
    events jsonb not null default '{}',
    purchases jsonb not null default '{}',
    updated_at timestamptz not null default now()
  );
  create table events (
    id bigint generated always as identity primary key,
    external_id text not null,
    kind text not null,
    body jsonb not null,
    received_at timestamptz not null default now()
  );
  create index on events (external_id, id);
`;

/**
 * Keeps the object as an event and applies it to the profile, in one statement: one round trip, one commit.
 * $1 external_id, $2 the object, $3 plain attributes, $4 attributes to increment. Answers the attributes after the write.
 */
export const writeAttributes = {
  name: 'write-attributes',
  text: `
    with event as (insert into events (external_id, kind, body) values ($1, 'attributes', $2))
    insert into profiles as p (external_id, attributes) values ($1, $3::jsonb || $4::jsonb)
    on conflict (external_id) do update set
      attributes = p.attributes || $3::jsonb || coalesce((
        select jsonb_object_agg(key, coalesce((p.attributes ->> key)::numeric, 0) + value::numeric)
        from jsonb_each_text($4::jsonb)
      ), '{}'),
      updated_at = now()
    returning attributes`,
} as const;

/** The same for an event or a purchase: $1 external_id, $2 the object, $3 what it is counted under, $4 its time. */
export const writeOccurrence = (column: 'events' | 'purchases') =>
  ({
    name: `write-${column}`,
    text: `
      with event as (insert into events (external_id, kind, body) values ($1, '${column}', $2))
      insert into profiles as p (external_id, ${column})
      values ($1, jsonb_build_object($3::text, jsonb_build_object('count', 1, 'first', $4::text, 'last', $4::text)))
      on conflict (external_id) do update set
        ${column} = p.${column} || jsonb_build_object($3::text, jsonb_build_object(
          'count', coalesce((p.${column} -> $3::text ->> 'count')::int, 0) + 1,
          'first', least(p.${column} -> $3::text ->> 'first', $4::text),
          'last', greatest(p.${column} -> $3::text ->> 'last', $4::text)
        )),
        updated_at = now()`,
  }) as const;
