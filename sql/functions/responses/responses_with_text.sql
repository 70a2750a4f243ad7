-- Called by panel as installation.
create function fn.responses_with_text(
    _account_id uuid, _project_id uuid, _widget_ids uuid[], _placement_ids uuid[], _option_no smallint, _from date, _to date,
    _pattern text, _even text[], _odd text[], _before_id uuid, _limit integer, _zone text, _now timestamptz, _since_id uuid,
    _reason_no smallint, _sign integer
) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
-- A range of ids that the plan does not know looks small, so that reading all of it would seem cheaper than the search index.
set enable_indexscan = off
set enable_seqscan = off
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    _is_any_day boolean := _from <= '0001-01-01' and _to >= '9999-12-31';
    _ids uuid[] := '{}';
    _end_id uuid := _before_id;
    _first_id uuid;
    _age interval;
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    _widget_ids := array(
        select s.id from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id and s.id = any (_widget_ids)
    );
    -- Newer ones first, since the index returns all messages of a range.
    foreach _age in array array[interval '30 days', interval '120 days', interval '480 days', null] loop
        _first_id := greatest(
            coalesce(fn.uuid_floor(_now - _age), '00000000-0000-0000-0000-000000000000'), _since_id
        );
        continue when _first_id >= _end_id;
        _ids := _ids || array(
            select i.id from public.response as i
            where i.account_id = _account_id and i.id >= _first_id and i.id < _end_id
                and (i.body is not null or i.fields is not null)
                and (
                    fn.message_bigrams(i.account_id, i.body, i.fields, i.contact, i.context) collate "C" @> _even
                    or fn.message_bigrams(i.account_id, i.body, i.fields, i.contact, i.context) collate "C" @> _odd
                )
                -- Not as a condition that the index of created_at could be used for.
                and i.widget_id = any (_widget_ids) and coalesce(i.created_at < _hidden_from, false)
                and (_placement_ids is null or i.placement_id = any (_placement_ids))
                and (_option_no is null or i.option_no = _option_no)
                and (_reason_no is null or _reason_no = any (i.reason_nos))
                and (_is_any_day or (i.created_at at time zone _zone)::date between _from and _to)
                and (lower(i.body) like _pattern or lower(i.fields::text) like _pattern or lower(i.contact) like _pattern
                    or lower(i.context ->> '$user') like _pattern)
                and (_sign is null or fn.is_judged(i.account_id, i.widget_id, i.option_no, _sign))
            order by i.id desc
            limit _limit - cardinality(_ids)
        );
        exit when cardinality(_ids) >= _limit;
        _end_id := _first_id;
    end loop;
    return _ids;
end;
$$;

comment on function fn.responses_with_text is
'As fn.matching_responses, those older than _before_id that have a text whose lower-case pattern, and bigrams (fn.text_bigrams), are
given. Row-level security would rule out the search index, so it acts for the installation: it calls fn.allow and searches the
project''s widgets only.';
