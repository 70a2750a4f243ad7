-- Called by jobs as installation.
create function fn.mailed_recap(_account_id uuid, _project_id uuid, _to_id uuid, _unit text, _starts_on date, _is_asked boolean)
returns table (
    slug text, name text, time_zone text, unit text, starts_on date, ends_on date, total bigint, before bigint,
    judged bigint, positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, trend_json text, history_json text, widgets_json text, placements_json text,
    messages_json text, attention_json text, reason_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not fn.gets_recap(_account_id, _project_id, _to_id, case when not _is_asked then _unit end) then
        return;
    end if;
    return query select * from fn.recap(_account_id, _project_id, _unit, _starts_on);
end;
$$;

comment on function fn.mailed_recap is
'The recap (fn.recap) for a claimed mail; no row where the project, the recipient or their consent no longer exists (except for
a recap that was requested).';
