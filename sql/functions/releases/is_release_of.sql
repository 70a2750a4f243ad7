create function fn.is_release_of(_patterns text[], _keys text[]) returns boolean
language sql immutable parallel safe
return exists (
    select
    from unnest(_patterns) as g (pattern)
    cross join unnest(_keys) as k (key)
    where fn.is_glob_match(k.key, g.pattern)
);

comment on function fn.is_release_of is
'Whether one of these patterns matches one of these page keys, such as those of a page and its aliases.';
