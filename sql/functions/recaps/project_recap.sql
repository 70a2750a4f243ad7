-- Called by app as account.
create function fn.project_recap(_account_id uuid, _slug text, _unit text, _starts_on date)
returns table (
    slug text, name text, time_zone text, unit text, starts_on date, ends_on date, total bigint, before bigint,
    judged bigint, positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, trend_json text, history_json text, widgets_json text, placements_json text,
    messages_json text, attention_json text, reason_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _project_id uuid;
begin
    perform fn.allow(_account_id, 'viewer');
    _project_id := fn.recap_project(_account_id, _slug, _unit, _starts_on);
    return query select * from fn.recap(_account_id, _project_id, _unit, _starts_on);
end;
$$;

comment on function fn.project_recap is
'The recap (fn.recap) of a project''s closed week or month. FB404, FB422 for a period that is not closed.';
