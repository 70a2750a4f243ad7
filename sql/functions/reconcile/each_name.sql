create function fn.each_name(_template text, _names text[], _separator text default ', ') returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select string_agg(format(_template, u.name, 'actual ' || u.name, 'stored ' || u.name), _separator order by u.n)
    from unnest(_names) with ordinality as u (name, n);
$$;

comment on function fn.each_name is
'A part of fn.reconcile_statement: the template for each name, %1$I the column, %2$I and %3$I its columns of difference, the
recounted and the stored value.';
