-- Called by app as account.
create function fn.recap_settings(_account_id uuid, _person_id uuid, _slug text)
returns table (
    slug text, name text, time_zone text, weekly boolean, monthly boolean, may_invite boolean, week date, month date,
    recipients_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- The command line acts for nobody, and Citus plans no join by null.
    _of_id constant uuid := coalesce(_person_id, '00000000-0000-0000-0000-000000000000');
    _may boolean;
begin
    perform fn.allow(_account_id, 'viewer');
    _may := exists (
        select 1 from public.member as m
        where m.account_id = _account_id and m.person_id = _of_id and m.role in ('owner', 'admin')
    );
    return query
    select p.slug, p.name, p.time_zone, coalesce(c.weekly, true), coalesce(c.monthly, false), _may,
        (
            select l.starts_on from public.period_close as l
            where l.account_id = _account_id and l.project_id = p.id and l.unit = 'week'
        ),
        (
            select l.starts_on from public.period_close as l
            where l.account_id = _account_id and l.project_id = p.id and l.unit = 'month'
        ),
        (
            select coalesce(
                json_agg(
                    json_build_object(
                        'id', r.id, 'email', r.email, 'weekly', r.weekly, 'monthly', r.monthly,
                        'state', case
                            when r.ended_at is not null then 'ended' when r.confirmed_at is not null then 'confirmed'
                            else 'asked'
                        end
                    )
                    order by r.email
                ),
                '[]'
            )::text
            from public.recap_recipient as r
            where _may and r.account_id = _account_id and r.project_id = p.id
        )
    from public.project as p
    left join public.recap_choice as c
        on c.account_id = _account_id and c.project_id = p.id and c.person_id = _of_id
    where p.account_id = _account_id and p.slug = _slug;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.recap_settings is
'Recap settings of a project for a member: their choice, the last closed week and month, and for admins and the owner as JSON
the other recipients. FB404.';
