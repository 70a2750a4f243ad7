create function fn.recap_messages(_account_id uuid, _project_id uuid, _from date, _until date, _limit integer)
returns table (
    id uuid, widget_name text, key text, label text, icon text, body text, said_on date
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    return query
    select m.id, m.widget_name, m.key, m.label, m.icon, m.body, m.said_on
    from (
        select distinct on (lower(w.body))
            f.id, s.name as widget_name, c.key, o.label, o.icon, w.body, f.counted_on as said_on,
            -- A few sentences are worth more than one word or a long text; a negative answer adds to that.
            ln(1 + least(char_length(w.body), 600))
                + case when fn.judges(s.type) and o.weight < 0 then 0.5 else 0 end
                - case when char_length(w.body) < 20 then 2 else 0 end as worth
        from public.widget as s
        join public.project as p on p.account_id = s.account_id and p.id = s.project_id
        cross join lateral (
            select i.* from public.response as i
            where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
                and i.created_at < _hidden_from and i.counted_on is not null
                and not exists (
                    select 1 from public.message_state as t
                    where t.account_id = _account_id and t.response_id = i.id and t.folder in ('spam', 'deleted')
                )
                and i.id >= fn.uuid_floor(_from::timestamp at time zone p.time_zone)
                and i.id < fn.uuid_floor((_until + 1)::timestamp at time zone p.time_zone)
            order by i.id desc
            limit 300
        ) as f
        join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
        join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = f.option_no
        cross join lateral (
            select coalesce(
                nullif(btrim(f.body), ''),
                (
                    select string_agg(format('%s: %s', e.key, e.value), E'\n')
                    from jsonb_each_text(f.fields) as e
                    where e.key !~* 'mail|name|phone|password' and btrim(e.value) <> ''
                )
            ) as body
        ) as w
        where s.account_id = _account_id and s.project_id = _project_id and w.body is not null
        order by lower(w.body), f.id desc
    ) as m
    order by m.worth desc, m.id desc
    limit _limit;
end;
$$;

comment on function fn.recap_messages is
'Messages worth reading of the days from _from to _until, without tests, spam, deleted and hidden ones: of each widget''s newest
300 the longest, each text once; of forms the values, without the sender.';
