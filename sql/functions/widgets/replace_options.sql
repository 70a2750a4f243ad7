create function fn.replace_options(
    _account_id uuid, _widget_id uuid, _type text, _options jsonb, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.option as o
    set retired_at = _now
    where o.account_id = _account_id and o.widget_id = _widget_id and o.retired_at is null
        and o.value not in (select e ->> 'value' from jsonb_array_elements(_options) as e);
    -- One that was there before comes back under its number, with its counts; what is not said of it stays.
    update public.option as o
    set position = n.n, retired_at = null,
        label = coalesce(nullif(e.o ->> 'label', ''), o.label), icon = coalesce(e.o ->> 'icon', o.icon),
        weight = coalesce((e.o ->> 'weight')::double precision, o.weight),
        aliases = case
            when jsonb_typeof(e.o -> 'aliases') = 'array' then n.aliases
            else array(
                select a from unnest(o.aliases) as a
                where a not in (select i.value from fn.new_options(_type, _options) as i)
                    and a not in (
                        select jsonb_array_elements_text(i -> 'aliases') from jsonb_array_elements(_options) as i
                        where jsonb_typeof(i -> 'aliases') = 'array'
                    )
            )
        end
    from fn.new_options(_type, _options) as n
    join jsonb_array_elements(_options) with ordinality as e (o, n) on e.n = n.n
    where o.account_id = _account_id and o.widget_id = _widget_id and o.value = n.value;
    insert into public.option (account_id, widget_id, no, position, value, aliases, label, icon, weight)
    select _account_id, _widget_id, h.most + row_number() over (order by n.n), n.n, n.value,
        array(
            select a from unnest(n.aliases) as a
            where not exists (
                select 1 from public.option as i
                where i.account_id = _account_id and i.widget_id = _widget_id and i.retired_at is null
                    and a = any (i.aliases)
            )
        ),
        n.label, n.icon, n.weight
    from fn.new_options(_type, _options) as n
    cross join (
        select max(o.no) as most from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id
    ) as h
    where not exists (
        select 1 from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = n.value
    )
    on conflict do nothing;  -- as in fn.create_options
end;
$$;

comment on function fn.replace_options is
'Retires missing options, brings back and updates those with a known value, and adds new ones with new numbers. Part of
fn.update_options.';
