create function fn.gets_recap(_account_id uuid, _project_id uuid, _to_id uuid, _unit text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select 1 from fn.recap_audience as s
        where s.account_id = _account_id and s.project_id = _project_id and s.to_id = _to_id
            and case _unit when 'week' then s.weekly when 'month' then s.monthly else true end
    );
end;
$$;

comment on function fn.gets_recap is
'Whether a recipient gets the recaps of a project for a unit, week or month; whether they may get any, where _unit is null.';
