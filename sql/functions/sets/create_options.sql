create function fn.create_options(_account_id uuid, _content_set_id uuid, _type text, _options jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _count integer;
    _expected int4range := case _type
        when 'pulse' then '[1,1]' when 'message' then '[1,1]' when 'form' then '[1,1]'
        when 'updown' then '[2,2]' when 'yesno' then '[2,2]' when 'nps' then '[11,11]'
        else '[1,100]'
    end::int4range;
begin
    if jsonb_typeof(_options) is distinct from 'array' then
        raise exception 'The options must be a list.' using errcode = 'FB422';
    end if;
    _count := jsonb_array_length(_options);
    if not _expected @> _count then
        raise exception 'A set of type % has % options, not %.', _type,
            case when upper(_expected) - lower(_expected) = 1 then lower(_expected)::text else '1 to 100' end, _count
            using errcode = 'FB422';
    end if;
    if exists (
        select from jsonb_array_elements(_options) as o
        where jsonb_typeof(o) <> 'object'
            or coalesce(char_length(o ->> 'value'), 0) not between 1 and 100
            or char_length(coalesce(o ->> 'label', '')) > 100 or char_length(coalesce(o ->> 'icon', '')) > 100
            or jsonb_typeof(coalesce(o -> 'weight', '0')) <> 'number'
    ) then
        raise exception 'Each option needs a value of 1 to 100 characters; label and icon have at most 100.'
            using errcode = 'FB422';
    end if;
    if exists (select from jsonb_array_elements(_options) as o where (o ->> 'weight')::numeric not between -1 and 1) then
        raise exception 'A weight is a number from -1 to 1.' using errcode = 'FB422';
    end if;
    if (select count(distinct o ->> 'value') from jsonb_array_elements(_options) as o) < _count then
        raise exception 'Two options have the same value.' using errcode = 'FB422';
    end if;
    if _type in ('rating', 'nps') and exists (
        select from jsonb_array_elements(_options) as o where o ->> 'value' !~ '^-?[0-9]{1,9}$'
    ) then
        raise exception 'The options of a % are whole numbers.', _type using errcode = 'FB422';
    end if;

    insert into public.option (account_id, content_set_id, no, position, value, aliases, label, icon, weight)
    select
        _account_id, _content_set_id, o.n, o.n, o.value,
        case when _type in ('updown', 'yesno') then array_remove(
            case o.n
                when 1 then array['y', 'yes', 'up', 'like', '+1', '1', 'true']
                else array['n', 'no', 'down', 'dislike', '-1', '0', 'false']
            end,
            o.value
        ) else '{}' end,
        coalesce(nullif(o.label, ''), o.value), coalesce(o.icon, ''),
        coalesce(o.weight, case
            when _type in ('updown', 'yesno') then case o.n when 1 then 1 else -1 end
            when _type = 'pulse' then 1
            when _type = 'rating' and _count > 1 then 2.0 * (o.n - 1) / (_count - 1) - 1
            else 0
        end)
    from (
        select e.n, e.o ->> 'value' as value, e.o ->> 'label' as label, e.o ->> 'icon' as icon,
            (e.o ->> 'weight')::double precision as weight
        from jsonb_array_elements(_options) with ordinality as e (o, n)
    ) as o;
    -- What one option is called by name, another may not be called by alias.
    update public.option as o
    set aliases = array(
        select a from unnest(o.aliases) as a
        where a not in (
            select other.value from public.option as other
            where other.account_id = _account_id and other.content_set_id = _content_set_id
        )
    )
    where o.account_id = _account_id and o.content_set_id = _content_set_id;
end;
$$;

comment on function fn.create_options is
'The ordered options of a new content set. Both kinds of votes take every spelling that the published SDKs send for their
two positions. Weights that are not given: 1 and -1 for votes, 1 for a pulse, evenly from -1 to 1 for ratings, else 0.';
