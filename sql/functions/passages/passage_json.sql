create function fn.passage_json(_account_id uuid, _response_id uuid) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_build_object(
            'exact', p.exact, 'prefix', p.prefix, 'suffix', p.suffix, 'heading', p.heading, 'start', p.start_at,
            'end', p.end_at, 'outdated', p.is_outdated
        )
        from public.passage as p
        where p.account_id = _account_id and p.response_id = _response_id
    );
end;
$$;

comment on function fn.passage_json is
'The passage that a response is about, and whether its page no longer has it; null where it is about no passage.';
