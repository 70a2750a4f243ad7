create function fn.valid_reasons(_account_id uuid, _widget_id uuid, _option_no smallint, _reasons text[]) returns smallint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_multiple boolean;
    _offered jsonb;
    _unknown text;
begin
    if coalesce(cardinality(_reasons), 0) = 0 then
        return null;
    end if;
    select f.is_multiple into _is_multiple from public.follow_up as f
    where f.account_id = _account_id and f.widget_id = _widget_id and f.option_no = _option_no;
    select jsonb_agg(r.value order by r.position) into _offered from public.reason as r
    where r.account_id = _account_id and r.widget_id = _widget_id and r.option_no = _option_no and r.archived_at is null;
    if _is_multiple is null or _offered is null then
        raise exception 'must be left out: this option has none.' using errcode = 'FB422', column = 'reasons',
            detail = '{"limit": 0}';
    end if;
    select v.value into _unknown from unnest(_reasons) as v (value) where not _offered ? v.value limit 1;
    if found then
        raise exception 'must be among %.', (select string_agg(o.value, ', ') from jsonb_array_elements_text(_offered) as o)
            using errcode = 'FB422', column = 'reasons', detail = jsonb_build_object('allowed', _offered)::text;
    end if;
    if not _is_multiple and (select count(distinct v.value) from unnest(_reasons) as v (value)) > 1 then
        raise exception 'must be one: this option takes one reason.' using errcode = 'FB422', column = 'reasons',
            detail = '{"limit": 1}';
    end if;
    return array(
        select r.no from public.reason as r
        where r.account_id = _account_id and r.widget_id = _widget_id and r.option_no = _option_no
            and r.value = any (_reasons)
        order by r.no
    );
end;
$$;

comment on function fn.valid_reasons is
'The numbers of reasons of an option, in ascending order; null for none. FB422, with the column reasons and in the detail the
limit or the values allowed, for unknown and archived reasons, for an option without any, and for two where one is allowed.';
